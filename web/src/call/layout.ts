/**
 * Where the tiles go: a pure function of who is there, what the person chose and how much room there is.
 *
 * It knows nothing of video or names. People look for a face where it was, so tiles swap places and
 * are never reshuffled: who leaves makes room for the last, who is put in front trades places.
 */

export interface Size {
  /** CSS px. */
  width: number;
  height: number;
}

export interface Tile extends Size {
  id: string;
  x: number;
  y: number;
}

/** `grid`: all alike. `speaker`: one fills the stage. `sidebar`: one large, the others beside. */
export type Mode = "grid" | "speaker" | "sidebar";

/** Where people see themselves: among the others, in a corner, or not at all. */
export type SelfView = "tile" | "float" | "hidden";

export type Layout =
  /** Nobody to show. */
  | { kind: "empty" }
  | { kind: "grid"; tiles: readonly Tile[]; inset: Tile | null }
  /** One fills the stage; `inset` is the other of two people, small in a corner. */
  | { kind: "pair"; main: Tile; inset: Tile }
  | { kind: "focus"; main: Tile; strip: readonly Tile[]; inset: Tile | null };

/** What is on the stage at once. */
export interface Scene {
  /** In the order to show. */
  people: readonly string[];
  /** Oneself, when among `people`. */
  self: string | null;
  /** Who is large. */
  focus: string | null;
  /** Oneself in a corner, and not among `people`. */
  float?: string | null;
  stage: Size;
}

/** Everyone, and what is known of how to show them. */
export interface Gathering {
  /** Shared screens of others, the newest first. */
  screens: readonly string[];
  /** Everyone else, in the order they came. */
  others: readonly string[];
  self: string | null;
  /** `order` of the last time. */
  before: readonly string[];
  /** Who spoke, most recently first. */
  recent: readonly string[];
  focus: string | null;
  mode: Mode;
  selfView: SelfView;
  stage: Size;
  /** From 0; one that is not there any more shows the last. */
  page: number;
}

export interface Placed {
  layout: Layout;
  /** Others in the order of their places, on all pages. */
  order: string[];
  page: number;
  pages: number;
  /** How many are on other pages, or not shown at all. */
  hidden: number;
}

/** Tiles on one page, on the largest of screens. */
const TILES = 49;
/** Smallest tile in the strip beside or below one that is large, CSS px. */
const STRIP_LEAST: Size = { width: 92, height: 84 };
/** Between tiles, CSS px. */
export const GAP = 8;
/** Wider than 16:9 no camera is; narrower than this, too much of its picture is cut off. */
const WIDEST = 16 / 9;
const NARROWEST = 1.1;
/** On a stage that is taller than wide, a tall tile still shows a face well. */
const NARROWEST_UPRIGHT = 3 / 4;
/** Smallest tile in which a name and a face can be made out, CSS px. */
const LEAST: Size = { width: 112, height: 84 };

/** Places everybody: who is on this page, and where. */
export function place(gathering: Gathering): Placed {
  const { screens, others, self, before, recent, mode, selfView, stage } = gathering;
  const all = [...screens, ...others];
  const focus = all.includes(gathering.focus ?? "") || gathering.focus === self ? gathering.focus : null;
  const alone = all.length === 0;
  const large = mode === "speaker" && focus !== null;
  const inset = !alone && focus !== self && (selfView === "float" || (selfView === "tile" && large));
  const asTile = self !== null && focus !== self && !inset && (alone || (selfView === "tile" && !large));
  const own = asTile ? [self] : [];
  // In a grid on every page; a strip is too short for that.
  const [always, last] = focus === null ? [own, []] : [[], own];

  const room = focus === null ? Math.min(TILES, capacity(stage)) : large ? 0 : stripLength(stage);
  const perPage = large ? 0 : Math.max(1, room - always.length);
  const inFront = focus !== null && others.includes(focus) ? focus : null;
  const seen = Math.max(0, perPage - screens.filter((id) => id !== focus).length);
  const order = arrange(before, others, recent, seen + (inFront === null ? 0 : 1), inFront);

  const rest = [...[...screens, ...order].filter((id) => id !== focus), ...last];
  const pages = perPage === 0 ? 1 : Math.max(1, Math.ceil(rest.length / perPage));
  const page = Math.max(0, Math.min(gathering.page, pages - 1));
  const shown = rest.slice(page * perPage, (page + 1) * perPage);
  const people = [...(focus === null ? [] : [focus]), ...shown, ...always];
  return {
    layout: layout({ people, self, focus, float: inset ? self : null, stage }),
    order,
    page,
    pages,
    hidden: rest.filter((id) => id !== self && !shown.includes(id)).length,
  };
}

/** Who is to be large: whom the person pinned, then whom a host shows to everyone, then a screen. */
export function focusOf(choice: {
  pinned: string | null;
  spotlight: string | null;
  /** The newest first. */
  screens: readonly { id: string; owner: string }[];
  /** Everyone who can be seen, also oneself. */
  people: readonly string[];
  /** Who speaks, or did last. */
  speaker: string | null;
  mode: Mode;
  self: string;
}): string | null {
  const { screens, people, speaker, mode, self } = choice;
  for (const chosen of [choice.pinned, choice.spotlight]) {
    if (chosen === null) continue;
    const screen = screens.find(({ owner }) => owner === chosen);
    if (screen) return screen.id;
    if (people.includes(chosen)) return chosen;
  }
  if (screens[0]) return screens[0].id;
  if (mode === "grid") return null;
  if (speaker !== null && speaker !== self && people.includes(speaker)) return speaker;
  return people.find((id) => id !== self) ?? null;
}

/** One page of tiles. */
export function layout(scene: Scene): Layout {
  const { people, stage, self, focus, float = null } = scene;
  if (people.length === 0 || stage.width <= 0 || stage.height <= 0) return { kind: "empty" };
  const focused = focus !== null && people.includes(focus) ? focus : null;
  const [first] = people;
  if (float !== null && people.length === 1 && first !== undefined) return pair(first, float, stage);
  if (people.length === 2 && self !== null && people.includes(self)) {
    const other = people.find((id) => id !== self) ?? self;
    const main = focused ?? other;
    return pair(main, main === other ? self : other, stage);
  }
  const inset = float === null ? null : corner(float, { id: "", x: 0, y: 0, ...stage }, stage);
  if (focused !== null) return focusOn(focused, people, float, stage);
  return { kind: "grid", tiles: grid(people, stage), inset };
}

/** All tiles of a layout, in the order of reading. */
export function tilesOf(layout: Layout): readonly Tile[] {
  switch (layout.kind) {
    case "empty":
      return [];
    case "grid":
      return [...layout.tiles, ...(layout.inset ? [layout.inset] : [])];
    case "pair":
      return [layout.main, layout.inset];
    case "focus":
      return [layout.main, ...layout.strip, ...(layout.inset ? [layout.inset] : [])];
  }
}

/** How many tiles a stage can hold before faces are too small to make out. */
export function capacity(stage: Size): number {
  const columns = Math.max(1, Math.floor((stage.width + GAP) / (LEAST.width + GAP)));
  const rows = Math.max(1, Math.floor((stage.height + GAP) / (LEAST.height + GAP)));
  return columns * rows;
}

/** How many fit beside one that is large. */
function stripLength({ width, height }: Size): number {
  const [length, least] = width >= height ? [height, STRIP_LEAST.height] : [width, STRIP_LEAST.width];
  return Math.max(1, Math.floor((length + GAP) / (least + GAP)));
}

/**
 * The order of places, from the order before. The first `places` are seen.
 *
 * Everyone keeps their place. Who leaves is replaced by the last; who comes is the last. Of those not
 * seen, a speaker swaps places with the one seen who spoke least recently. `first` trades places with
 * whoever is first.
 *
 * `present` is everyone in the order they came; `recent` those who spoke, most recently first.
 */
export function arrange(
  before: readonly string[],
  present: readonly string[],
  recent: readonly string[],
  places: number,
  first: string | null = null,
): string[] {
  const here = new Set(present);
  const order = [...before];
  for (let at = 0; at < order.length; ) {
    if (here.has(order[at] ?? "")) {
      at += 1;
      continue;
    }
    const last = order.pop();
    if (last !== undefined && at < order.length) order[at] = last;
  }
  const known = new Set(order);
  order.push(...present.filter((id) => !known.has(id)));

  if (first !== null) swap(order, 0, order.indexOf(first));
  const rank = new Map(recent.map((id, index) => [id, index]));
  const silence = (id: string | undefined) => rank.get(id ?? "") ?? recent.length;
  for (const speaker of recent.slice(0, Math.max(0, places))) {
    const from = order.indexOf(speaker);
    if (from < places) continue;
    let to = -1;
    for (let at = 0; at < places; at += 1) {
      if (order[at] === first || silence(order[at]) <= silence(speaker)) continue;
      if (to < 0 || silence(order[at]) >= silence(order[to])) to = at;
    }
    swap(order, to, from);
  }
  return order;
}

function swap(order: string[], one: number, other: number): void {
  const [a, b] = [order[one], order[other]];
  if (a === undefined || b === undefined) return;
  order[one] = b;
  order[other] = a;
}

function grid(people: readonly string[], stage: Size): Tile[] {
  const count = people.length;
  let best = { columns: 1, tile: { width: 0, height: 0 }, area: -1 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cell = {
      width: (stage.width - GAP * (columns - 1)) / columns,
      height: (stage.height - GAP * (rows - 1)) / rows,
    };
    if (cell.width <= 0 || cell.height <= 0) continue;
    const tile = within(cell, narrowest(stage));
    const area = tile.width * tile.height;
    if (area > best.area) best = { columns, tile, area };
  }
  const { columns, tile } = best;
  const rows = Math.ceil(count / columns);
  const top = (stage.height - rows * tile.height - (rows - 1) * GAP) / 2;
  return people.map((id, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = (stage.width - inRow * tile.width - (inRow - 1) * GAP) / 2;
    const column = index - row * columns;
    return {
      id,
      x: Math.round(left + column * (tile.width + GAP)),
      y: Math.round(top + row * (tile.height + GAP)),
      width: Math.floor(tile.width),
      height: Math.floor(tile.height),
    };
  });
}

/** The largest tile of an acceptable shape in a cell. */
function within(cell: Size, narrowest: number): Size {
  const shape = cell.width / cell.height;
  if (shape > WIDEST) return { width: cell.height * WIDEST, height: cell.height };
  if (shape < narrowest) return { width: cell.width, height: cell.width / narrowest };
  return cell;
}

function narrowest({ width, height }: Size): number {
  return height > width ? NARROWEST_UPRIGHT : NARROWEST;
}

function pair(main: string, inset: string, stage: Size): Layout {
  const full = stage.height > stage.width ? stage : within(stage, NARROWEST);
  const large: Tile = {
    id: main,
    x: Math.round((stage.width - full.width) / 2),
    y: Math.round((stage.height - full.height) / 2),
    width: Math.floor(full.width),
    height: Math.floor(full.height),
  };
  return { kind: "pair", main: large, inset: corner(inset, large, stage) };
}

/** A small tile in the corner of another. */
function corner(id: string, of: Tile, stage: Size): Tile {
  const portrait = stage.height > stage.width;
  const width = Math.round(Math.min(320, Math.max(96, portrait ? Math.min(stage.width * 0.3, stage.height * 0.2) : stage.width * 0.2)));
  const height = Math.round(portrait ? width / NARROWEST_UPRIGHT : width / WIDEST);
  return { id, x: of.x + of.width - width - 12, y: of.y + of.height - height - 12, width, height };
}

function focusOn(focus: string, people: readonly string[], float: string | null, stage: Size): Layout {
  const others = people.filter((id) => id !== focus);
  const beside = stage.width >= stage.height;
  const shown = others.slice(0, stripLength(stage));
  const along = ((beside ? stage.height : stage.width) - GAP * (shown.length - 1)) / Math.max(1, shown.length);
  const across = Math.min(beside ? stage.width * 0.22 : stage.height * 0.22, 240);
  const cell = beside ? { width: across, height: along } : { width: along, height: across };
  const tile = within(cell, narrowest(stage));
  const kept = shown.length === 0 ? 0 : (beside ? tile.width : tile.height) + GAP;
  const area = beside
    ? { width: stage.width - kept, height: stage.height }
    : { width: stage.width, height: stage.height - kept };
  const size = within(area, narrowest(area));
  const length = shown.length * ((beside ? tile.height : tile.width) + GAP) - GAP;
  const from = ((beside ? stage.height : stage.width) - length) / 2;
  const main: Tile = {
    id: focus,
    x: Math.round((area.width - size.width) / 2),
    y: Math.round((area.height - size.height) / 2),
    width: Math.floor(size.width),
    height: Math.floor(size.height),
  };
  return {
    kind: "focus",
    main,
    strip: shown.map((id, index) => ({
      id,
      x: Math.round(beside ? stage.width - tile.width : from + index * (tile.width + GAP)),
      y: Math.round(beside ? from + index * (tile.height + GAP) : stage.height - tile.height),
      width: Math.floor(tile.width),
      height: Math.floor(tile.height),
    })),
    inset: float === null ? null : corner(float, main, stage),
  };
}
