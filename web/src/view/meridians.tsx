/** A globe of thin lines behind other things. */
import type { JSX } from "preact";

export function Meridians(): JSX.Element {
  return (
    <svg class="meridians" viewBox="0 0 400 400" fill="none" stroke="currentColor" stroke-width="1" aria-hidden="true">
      <circle cx="200" cy="200" r="196" />
      {[40, 84, 126, 164].map((radius) => (
        <ellipse key={radius} cx="200" cy="200" rx={radius} ry="196" />
      ))}
      {[-130, -66, 0, 66, 130].map((latitude) => {
        const half = Math.sqrt(196 ** 2 - latitude ** 2);
        return <path key={latitude} d={`M${200 - half} ${200 + latitude}H${200 + half}`} />;
      })}
    </svg>
  );
}
