/** The tiles: measures the room there is, lays people out, and tells the region what is seen. */
import { Copy } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { arrange, capacity, layout, type Size, type Tile, tilesOf } from "../call/layout";
import { VIDEO_SLOTS_OFFERED } from "../media/region";
import { trackKey } from "../media/slots";
import type { Wish } from "../protocol";
import { words } from "../text";
import { type CallViewProps, linkOf } from "./in-meeting";
import { ParticipantTile } from "./tile";

/** Between a change of sizes and telling the region: a resize is many. Who is seen is told at once. */
const WISH_AFTER_MS = 120;
/** A page that nobody sees stops wanting pictures, but not for a glance at another tab. */
const HIDDEN_AFTER_MS = 5_000;

interface StageProps extends CallViewProps {
  onCopyLink(): void;
  /** How many have no tile. */
  onHidden(people: number): void;
}

export function Stage({ call, meeting, onCopyLink, onHidden }: StageProps): JSX.Element {
  const { room, you, speakers } = meeting;
  const stage = useRef<HTMLDivElement>(null);
  const size = useSize(stage);
  const places = Math.min(capacity(size), VIDEO_SLOTS_OFFERED + 1);
  const order = useRef<string[]>([]);
  const people = useMemo(() => new Map(room.participants.map((person) => [person.id, person])), [room.participants]);
  // Others first, oneself last: a face to look at comes before one's own.
  const present = [...[...people.keys()].filter((id) => id !== you), ...(people.has(you) ? [you] : [])];
  order.current = selfLast(arrange(order.current, present, call.recent.value, places, you), you);

  const hidden = size.width === 0 ? 0 : present.length - order.current.length;
  const placed = layout({ people: order.current, self: you, focus: null, stage: size });
  const tiles = tilesOf(placed);
  useWishes(call, tiles, you);
  useEffect(() => onHidden(hidden), [hidden, onHidden]);

  return (
    <div ref={stage} class="stage" data-layout={placed.kind}>
      {tiles.map((tile, place) => {
        const person = people.get(tile.id);
        if (!person) return null;
        const self = tile.id === you;
        const { track, wanted } = call.capture.camera.value;
        const sound = call.capture.microphone.value;
        return (
          <ParticipantTile
            key={tile.id}
            tile={tile}
            inset={placed.kind === "pair" && place === 1}
            person={
              self
                ? { ...person, camera: wanted && track !== null, microphone: sound.wanted && sound.track !== null }
                : person
            }
            self={self}
            speaking={speakers.includes(tile.id)}
            track={(self ? track : call.tracks.value.get(trackKey(tile.id, "camera"))) ?? null}
          />
        );
      })}
      {present.length === 1 && (
        <div class="alone">
          <h2>{words.call.aloneTitle}</h2>
          <p>{words.call.aloneNext}</p>
          <code>{linkOf(call).replace(/^https?:\/\//, "")}</code>
          <button type="button" class="button primary" onClick={onCopyLink}>
            <Copy size={18} aria-hidden="true" />
            {words.call.copy}
          </button>
        </div>
      )}
    </div>
  );
}

function selfLast(order: string[], you: string): string[] {
  return order.includes(you) ? [...order.filter((id) => id !== you), you] : order;
}

/** The size of an element, kept current. */
function useSize(element: { current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => setSize({ width: target.clientWidth, height: target.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

function useWishes(call: CallViewProps["call"], tiles: readonly Tile[], you: string): void {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") setSeen(true);
      else timer = setTimeout(() => setSeen(false), HIDDEN_AFTER_MS);
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);

  const wishes: Wish[] = seen ? tiles.filter(({ id }) => id !== you).map(wish) : [];
  const text = JSON.stringify(wishes);
  const people = wishes.map(({ participant }) => participant).join();
  const told = useRef("");
  useEffect(() => {
    // Alone, there is nothing to wish for, and the region's own choice is right for who comes first.
    if (told.current === "" && people === "") return;
    const tell = () => {
      told.current = people;
      call.wish(JSON.parse(text) as Wish[]);
    };
    if (told.current !== people) {
      tell();
      return;
    }
    const timer = setTimeout(tell, WISH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [call, people, text]);
}

function wish({ id, height, width }: Tile, place: number): Wish {
  const pixels = Math.round(height * devicePixelRatio);
  return {
    participant: id,
    source: "camera",
    height: Math.min(65_535, Math.max(1, pixels)),
    // Larger tiles first; the order of the list decides between equals.
    priority: place === 0 && width > 640 ? 2 : 1,
  };
}
