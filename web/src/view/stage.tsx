/** The tiles: measures the room there is, lays people out, and tells the region what is seen. */
import { ChevronLeft, ChevronRight, Copy } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { floatingWishes, together } from "../call/floating";
import { focusOf, place, type Size, type Tile, tilesOf } from "../call/layout";
import { listen, lookAgain, nobody } from "../call/leading";
import { mode, pinned, selfView } from "../call/view-choices";
import { trackKey } from "../media/slots";
import type { Participant, ParticipantId, Wish } from "../protocol";
import { words } from "../text";
import { Boundary } from "./boundary";
import { IconButton } from "./controls";
import { forward } from "./direction";
import { type CallViewProps, linkOf } from "./in-meeting";
import { FloatingReactions } from "./reactions";
import { placeOf, usePinReach, walkPins } from "./pin-button";
import { ScreenTile } from "./screen-tile";
import { ParticipantTile } from "./tile";

/** Between a change of sizes and telling the region: a resize is many. Who is seen is told at once. */
const WISH_AFTER_MS = 120;
/** A page that nobody sees stops wanting pictures, but not for a glance at another tab. */
const HIDDEN_AFTER_MS = 5_000;
/** What the tile of somebody's screen is called, after their id. */
const SCREEN = "/screen";

interface StageProps extends CallViewProps {
  onCopyLink(): void;
  /** How many have no tile. */
  onHidden(people: number): void;
}

export function Stage({ call, meeting, onCopyLink, onHidden }: StageProps): JSX.Element {
  const { room, you, speakers } = meeting;
  const stage = useRef<HTMLDivElement>(null);
  const size = useSize(stage);
  const order = useRef<readonly string[]>([]);
  const [wanted, setPage] = useState(0);
  const people = useMemo(() => new Map(room.participants.map((person) => [person.id, person])), [room.participants]);
  const others = [...people.keys()].filter((id) => id !== you);
  const screens = useScreens(others.filter((id) => people.get(id)?.screen === true));
  const speaker = useLeading(speakers, you);

  const placed = place({
    screens: screens.map(({ id }) => id),
    others,
    self: people.has(you) ? you : null,
    before: order.current,
    recent: call.media.recent.value,
    focus: focusOf({
      pinned: pinned.value,
      spotlight: room.room.spotlight ?? null,
      screens,
      people: [...people.keys()],
      speaker,
      mode: mode.value,
      self: you,
    }),
    mode: mode.value,
    selfView: selfView.value,
    stage: size,
    page: wanted,
  });
  const { page, pages } = placed;
  order.current = placed.order;
  const own = "inset" in placed.layout ? (placed.layout.inset?.id ?? null) : null;
  const mirror = forward() < 0;
  const tiles = tilesOf(placed.layout).map((tile) =>
    mirror ? { ...tile, x: size.width - tile.x - tile.width } : tile,
  );
  const { kind } = placed.layout;
  const alone = others.length === 0 ? tiles.find(({ id }) => id === you) : undefined;
  useWishes(call, wishesOf(tiles, people, you, kind !== "grid", usePixelRatio()));
  const reach = usePinReach(tiles, own);
  const hidden = size.width === 0 ? 0 : placed.hidden;
  useEffect(() => onHidden(hidden), [hidden, onHidden]);

  return (
    <>
      <div ref={stage} class="stage" data-layout={kind} onKeyDown={walkPins}>
        {tiles.map((tile) => {
          const owner = ownerOf(tile.id);
          const person = people.get(owner);
          if (!person) return null;
          if (owner !== tile.id) {
            const picture = call.media.tracks.value.get(trackKey(owner, "screen")) ?? null;
            return (
              <Boundary key={tile.id} text={words.broken.tile} look="tile" style={placeOf(tile)}>
                <ScreenTile
                  tile={tile}
                  person={person}
                  track={picture}
                  paused={call.media.paused.value.get(trackKey(owner, "screen")) ?? null}
                  reach={reach(tile)}
                />
              </Boundary>
            );
          }
          const self = tile.id === you;
          const track = call.background.track.value;
          const sound = call.capture.microphone.value;
          return (
            <Boundary key={tile.id} text={words.broken.tile} look="tile" style={placeOf(tile)}>
              <ParticipantTile
                tile={tile}
                inset={tile.id === own}
                person={
                  self
                    ? { ...person, camera: call.cameraOn.value, microphone: sound.wanted && sound.track !== null }
                    : person
                }
                self={self}
                speaking={speakers.includes(tile.id)}
                chosen={tile.id === pinned.value ? "pinned" : tile.id === room.room.spotlight ? "spotlit" : null}
                track={(self ? track : call.media.tracks.value.get(trackKey(tile.id, "camera"))) ?? null}
                paused={call.media.paused.value.get(trackKey(tile.id, "camera")) ?? null}
                network={call.media.networks.value.get(tile.id) ?? null}
                reach={reach(tile)}
              />
            </Boundary>
          );
        })}
        <FloatingReactions meeting={meeting} tiles={tiles} />
      </div>
      {others.length === 0 && (
        // Where there is room, in the corner of one's own tile, above its name.
        <div
          class="alone"
          style={alone && { "--start": `${alone.x}px`, "--bottom": `${size.height - alone.y - alone.height}px` }}
        >
          <h2>{words.call.aloneTitle}</h2>
          <p>{words.call.aloneNext}</p>
          <code dir="ltr">{linkOf(call).replace(/^https?:\/\//, "")}</code>
          <button type="button" class="button primary" onClick={onCopyLink}>
            <Copy size={18} aria-hidden="true" />
            {words.call.copy}
          </button>
        </div>
      )}
      {pages > 1 && <Pager page={page} pages={pages} onPage={setPage} />}
    </>
  );
}

function Pager(props: { page: number; pages: number; onPage(page: number): void }): JSX.Element {
  const { page, pages, onPage } = props;
  const { previousPage, nextPage, page: text } = words.stage;
  const look = (at: number) => `quiet ${at < 0 || at >= pages ? "spent" : ""}`;
  const go = (at: number) => onPage(Math.max(0, Math.min(at, pages - 1)));
  return (
    <div class="pager">
      <IconButton icon={ChevronLeft} label={previousPage} class={look(page - 1)} onClick={() => go(page - 1)} />
      <span role="status">{text(page + 1, pages)}</span>
      <IconButton icon={ChevronRight} label={nextPage} class={look(page + 1)} onClick={() => go(page + 1)} />
    </div>
  );
}

function ownerOf(tile: string): ParticipantId {
  return tile.endsWith(SCREEN) ? tile.slice(0, -SCREEN.length) : tile;
}

/** Shared screens, the newest first: whoever begins to share is shown. */
function useScreens(sharing: readonly ParticipantId[]): { id: string; owner: ParticipantId }[] {
  const before = useRef<readonly ParticipantId[]>([]);
  const still = before.current.filter((owner) => sharing.includes(owner));
  const begun = sharing.filter((owner) => !still.includes(owner));
  before.current = [...begun, ...still];
  return before.current.map((owner) => ({ id: owner + SCREEN, owner }));
}

/** Who speaks, other than oneself, and no longer than it takes to know that they really do. */
function useLeading(speakers: readonly ParticipantId[], you: ParticipantId): ParticipantId | null {
  const [leading, setLeading] = useState(nobody);
  const loudest = speakers.find((id) => id !== you) ?? null;
  useEffect(() => {
    setLeading((before) => listen(before, loudest, performance.now()));
  }, [loudest]);
  useEffect(() => {
    const at = lookAgain(leading);
    if (at === null) return undefined;
    const timer = setTimeout(
      () => setLeading((before) => listen(before, before.rival, performance.now())),
      Math.max(0, at - performance.now()) + 1,
    );
    return () => clearTimeout(timer);
  }, [leading]);
  return leading.speaker;
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

/** Pixels of the device in one of the page, which another zoom or another screen changes. */
function usePixelRatio(): number {
  const [ratio, setRatio] = useState(devicePixelRatio);
  useEffect(() => {
    const query = matchMedia(`(resolution: ${ratio}dppx)`);
    const look = () => setRatio(devicePixelRatio);
    query.addEventListener("change", look);
    look();
    return () => query.removeEventListener("change", look);
  }, [ratio]);
  return ratio;
}

function useWishes(call: CallViewProps["call"], { wishes: all, pictures }: Wishes): void {
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

  const wishes = together(seen ? all : [], floatingWishes.value);
  const text = JSON.stringify(wishes);
  const people = wishes.map(({ participant, source }) => participant + source).join();
  const told = useRef("");
  useEffect(() => {
    // Alone, there is nothing to wish for, and the region's own choice is right for who comes first.
    if (told.current === "" && people === "") return;
    const tell = () => {
      told.current = people;
      call.media.wish(JSON.parse(text) as Wish[], pictures);
    };
    if (told.current !== people) {
      tell();
      return;
    }
    const timer = setTimeout(tell, WISH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [call, people, text, pictures]);
}

interface Wishes {
  wishes: Wish[];
  /** How many of them have a picture now. */
  pictures: number;
}

/** Screens before faces, at their full height: text must be read. Cameras that are off come last. */
function wishesOf(
  tiles: readonly Tile[],
  people: ReadonlyMap<ParticipantId, Participant>,
  you: ParticipantId,
  large: boolean,
  pixelRatio: number,
): Wishes {
  const rated = tiles.flatMap(({ id, height }, at): { wish: Wish; shows: boolean }[] => {
    const owner = ownerOf(id);
    const source = owner === id ? "camera" : "screen";
    if (owner === you) return [];
    const wish: Wish = {
      participant: owner,
      source,
      height: Math.min(65_535, Math.max(1, Math.round(height * pixelRatio))),
      priority: source === "screen" ? 3 : large && at === 0 ? 2 : 1,
    };
    return [{ wish, shows: source === "screen" || people.get(owner)?.camera === true }];
  });
  rated.sort((one, other) => Number(other.shows) - Number(one.shows) || other.wish.priority - one.wish.priority);
  return { wishes: rated.map(({ wish }) => wish), pictures: rated.filter(({ shows }) => shows).length };
}
