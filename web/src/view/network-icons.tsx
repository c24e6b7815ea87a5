/** The marks of a network: as many of three bars are lit as it is good, which is seen at the smallest tile. */
import type { JSX } from "preact";
import type { Quality } from "../media/stats";

interface IconProps {
  size: number;
  class?: string;
}

export type NetworkIcon = (props: IconProps) => JSX.Element;

const HEIGHTS = [8, 14, 20] as const;

function bars(lit: number): NetworkIcon {
  return ({ size, class: look }) => (
    <svg class={look} width={size} height={size} viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      {HEIGHTS.map((height, place) => (
        <rect key={place} x={2 + 7.5 * place} y={22 - height} width={5} height={height} rx={1.5} opacity={place < lit ? 1 : 0.35} />
      ))}
    </svg>
  );
}

export const NETWORK_ICONS: Readonly<Record<Quality, NetworkIcon>> = { good: bars(3), fair: bars(2), poor: bars(1) };
