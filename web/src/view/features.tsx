/** The carousel of the front page: a row that scrolls and snaps; the buttons only scroll it. */
import { ChevronLeft, ChevronRight, CloudLightning, Globe, Link2, RefreshCw, Server } from "lucide-preact";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { words } from "../text";
import { IconButton } from "./controls";
import { forward } from "./direction";

const ICONS = [CloudLightning, Globe, RefreshCw, Link2, Server];

export function Features(): JSX.Element {
  const row = useRef<HTMLUListElement>(null);
  const [edge, setEdge] = useState<"start" | "middle" | "end">("start");
  const { cards } = words.landing;

  const scroll = (steps: number) => {
    const first = row.current?.firstElementChild;
    if (!row.current || !first) return;
    // Smoothly, or at once, as the style says.
    row.current.scrollBy({ left: steps * forward() * (first.clientWidth + 16) });
  };
  const look = () => {
    const list = row.current;
    if (!list) return;
    // Counted below zero where lines run to the left.
    const gone = Math.abs(list.scrollLeft);
    const end = gone + list.clientWidth >= list.scrollWidth - 4;
    setEdge(gone <= 4 ? "start" : end ? "end" : "middle");
  };

  return (
    <section
      class="features"
      role="region"
      aria-label={words.landing.features}
      aria-roledescription={words.landing.carousel}
    >
      <div class="features-head">
        <h2>{words.landing.featuresTitle}</h2>
        <div class="features-buttons">
          <IconButton
            icon={ChevronLeft}
            label={words.landing.previous}
            onClick={() => scroll(-1)}
            class={`outlined ${edge === "start" ? "spent" : ""}`}
          />
          <IconButton
            icon={ChevronRight}
            label={words.landing.next}
            onClick={() => scroll(1)}
            class={`outlined ${edge === "end" ? "spent" : ""}`}
          />
        </div>
      </div>
      <ul ref={row} class="features-row" tabIndex={0} onScroll={look}>
        {cards.map(({ title, text }, place) => {
          const Icon = ICONS[place % ICONS.length] ?? Globe;
          return (
            <li
              key={place}
              aria-roledescription={words.landing.slideRole}
              aria-label={words.landing.slide(place + 1, cards.length)}
            >
              <Icon size={22} aria-hidden="true" />
              <h3>{title}</h3>
              <p>{text}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
