/** Reactions over the stage: they rise from the tile of who reacts, and are read out. */
import type { JSX } from "preact";
import type { Tile } from "../call/layout";
import type { Reacting } from "../call/state";
import type { Reaction } from "../protocol";
import { words } from "../text";
import type { CallViewProps } from "./in-meeting";

export const EMOJI: Record<Reaction, string> = {
  thumbs_up: "👍",
  clap: "👏",
  heart: "❤️",
  laugh: "😂",
  wow: "😮",
  sad: "😢",
  party: "🎉",
  thumbs_down: "👎",
};

export const REACTIONS = Object.keys(EMOJI) as readonly Reaction[];

/** Beside one another, so that several at once can all be seen, CSS px. */
const LANES = [0, -26, 26, -13, 13];

interface FloatingProps {
  meeting: CallViewProps["meeting"];
  tiles: readonly Tile[];
}

export function FloatingReactions({ meeting, tiles }: FloatingProps): JSX.Element {
  const { reactions, room, you } = meeting;
  const nameOf = ({ participant }: Reacting) => room.participants.find(({ id }) => id === participant)?.name;
  const last = reactions.at(-1);
  const name = last && last.participant !== you ? nameOf(last) : undefined;
  return (
    <>
      <p class="sr-only" role="status">
        {last && name !== undefined ? words.reacting.said(name, words.reacting.names[last.reaction]) : ""}
      </p>
      {reactions.map((reacting) => {
        const tile = tiles.find(({ id }) => id === reacting.participant);
        const lane = LANES[reacting.id % LANES.length] ?? 0;
        return (
          <span
            key={reacting.id}
            class={tile ? "reaction" : "reaction homeless"}
            aria-hidden="true"
            style={
              tile
                ? {
                    left: `${tile.x + tile.width / 2 + lane}px`,
                    top: `${tile.y + tile.height - 44}px`,
                    "--rise": `${-Math.min(tile.height * 0.55, 180)}px`,
                  }
                : { bottom: `${38 + lane}px` }
            }
          >
            {EMOJI[reacting.reaction]}
            {!tile && <span class="reaction-name">{nameOf(reacting)}</span>}
          </span>
        );
      })}
    </>
  );
}
