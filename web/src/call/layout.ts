/**
 * Where the tiles go: a pure function of who is shown, who is in focus and how much room there is.
 *
 * It knows nothing of video or names, and it never reorders: the order is `arrange`'s, which swaps
 * tiles rather than reshuffling them, because people look for a face where it was.
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

export type Layout =
  /** Nobody to show. */
  | { kind: "empty" }
  | { kind: "grid"; tiles: readonly Tile[] }
  /** One fills the stage; `inset` is the other of two people, small in a corner. */
  | { kind: "pair"; main: Tile; inset: Tile }
  | { kind: "focus"; main: Tile; strip: readonly Tile[] };

export interface Scene {
  /** In the order to show. */
  people: readonly string[];
  /** Oneself, when among `people`. */
  self: string | null;
  /** Whom the person chose to see large. */
  focus: string | null;
  stage: Size;
}

/** Between tiles, CSS px. */
export const GAP = 8;
/** Wider than 16:9 no camera is; narrower than this, too much of its picture is cut off. */
const WIDEST = 16 / 9;
const NARROWEST = 1.1;
/** On a stage that is taller than wide, a tall tile still shows a face well. */
const NARROWEST_UPRIGHT = 3 / 4;
/** Smallest tile in which a name and a face can be made out, CSS px. */
const LEAST: Size = { width: 112, height: 84 };

export function layout(scene: Scene): Layout {
  const { people, stage, self, focus } = scene;
  if (people.length === 0 || stage.width <= 0 || stage.height <= 0) return { kind: "empty" };
  const focused = focus !== null && people.includes(focus) ? focus : null;
  if (people.length === 2 && self !== null && people.includes(self)) {
    const other = people.find((id) => id !== self) ?? self;
    const main = focused ?? other;
    return pair(main, main === other ? self : other, stage);
  }
  if (focused !== null && people.length > 1) return focusOn(focused, people, stage);
  return { kind: "grid", tiles: grid(people, stage) };
}

/** All tiles of a layout, in the order of reading. */
export function tilesOf(layout: Layout): readonly Tile[] {
  switch (layout.kind) {
    case "empty":
      return [];
    case "grid":
      return layout.tiles;
    case "pair":
      return [layout.main, layout.inset];
    case "focus":
      return [layout.main, ...layout.strip];
  }
}

/** How many tiles a stage can hold before faces are too small to make out. */
export function capacity(stage: Size): number {
  const columns = Math.max(1, Math.floor((stage.width + GAP) / (LEAST.width + GAP)));
  const rows = Math.max(1, Math.floor((stage.height + GAP) / (LEAST.height + GAP)));
  return columns * rows;
}

/**
 * Who is shown where, from who was shown where before.
 *
 * Everyone keeps their place. Who leaves makes room for the next who was not shown. Of those not
 * shown, a speaker swaps places with the one shown who spoke least recently and does not speak.
 *
 * `present` is everyone in the order they came; `recent` those who spoke, most recently first;
 * `keep` is never swapped out.
 */
export function arrange(
  before: readonly string[],
  present: readonly string[],
  recent: readonly string[],
  places: number,
  keep: string | null,
): string[] {
  const here = new Set(present);
  const shown = before.filter((id) => here.has(id)).slice(0, Math.max(0, places));
  if (keep !== null && here.has(keep) && !shown.includes(keep)) {
    if (shown.length >= places) shown.pop();
    if (places > 0) shown.unshift(keep);
  }
  for (const id of present) {
    if (shown.length >= places) break;
    if (!shown.includes(id)) shown.push(id);
  }
  const rank = new Map(recent.map((id, index) => [id, index]));
  const silence = (id: string) => rank.get(id) ?? recent.length;
  for (const speaker of recent.slice(0, places)) {
    if (!here.has(speaker) || shown.includes(speaker)) continue;
    const replaceable = shown.filter((id) => id !== keep && silence(id) > silence(speaker));
    const quietest = replaceable.reduce<string | null>(
      (most, id) => (most === null || silence(id) >= silence(most) ? id : most),
      null,
    );
    if (quietest !== null) shown[shown.indexOf(quietest)] = speaker;
  }
  return shown;
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
  const portrait = stage.height > stage.width;
  const width = Math.round(Math.min(320, Math.max(96, stage.width * (portrait ? 0.3 : 0.2))));
  const height = Math.round(portrait ? width / NARROWEST_UPRIGHT : width / WIDEST);
  const full = portrait ? stage : within(stage, NARROWEST);
  const x = Math.round((stage.width - full.width) / 2);
  const y = Math.round((stage.height - full.height) / 2);
  return {
    kind: "pair",
    main: { id: main, x, y, width: Math.floor(full.width), height: Math.floor(full.height) },
    inset: {
      id: inset,
      x: x + Math.floor(full.width) - width - 12,
      y: y + Math.floor(full.height) - height - 12,
      width,
      height,
    },
  };
}

function focusOn(focus: string, people: readonly string[], stage: Size): Layout {
  const others = people.filter((id) => id !== focus);
  const beside = stage.width >= stage.height;
  const most = Math.max(1, Math.floor(((beside ? stage.height : stage.width) + GAP) / (124 + GAP)));
  const shown = others.slice(0, most);
  const along = ((beside ? stage.height : stage.width) - GAP * (shown.length - 1)) / shown.length;
  const across = Math.min(beside ? stage.width * 0.22 : stage.height * 0.22, 240);
  const cell = beside ? { width: across, height: along } : { width: along, height: across };
  const tile = within(cell, narrowest(stage));
  const area = beside
    ? { width: stage.width - tile.width - GAP, height: stage.height }
    : { width: stage.width, height: stage.height - tile.height - GAP };
  const main = within(area, narrowest(area));
  const length = shown.length * ((beside ? tile.height : tile.width) + GAP) - GAP;
  const from = ((beside ? stage.height : stage.width) - length) / 2;
  return {
    kind: "focus",
    main: {
      id: focus,
      x: Math.round((area.width - main.width) / 2),
      y: Math.round((area.height - main.height) / 2),
      width: Math.floor(main.width),
      height: Math.floor(main.height),
    },
    strip: shown.map((id, index) => ({
      id,
      x: Math.round(beside ? stage.width - tile.width : from + index * (tile.width + GAP)),
      y: Math.round(beside ? from + index * (tile.height + GAP) : stage.height - tile.height),
      width: Math.floor(tile.width),
      height: Math.floor(tile.height),
    })),
  };
}
