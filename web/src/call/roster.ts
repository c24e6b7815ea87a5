/**
 * The room as a participant knows it: one full state, then versioned changes.
 *
 * Pure. It never guesses: a change that does not follow directly is a gap, and the caller asks the
 * room for the full state.
 */
import type { Change, RoomState } from "../protocol";

export type Step = { kind: "applied"; room: RoomState } | { kind: "old" } | { kind: "gap" };

/** The room after `change`, which leads to `version`. */
export function step(room: RoomState, version: number, change: Change): Step {
  if (version <= room.version) return { kind: "old" };
  if (version !== room.version + 1) return { kind: "gap" };
  return { kind: "applied", room: { ...apply(room, change), version } };
}

function apply(room: RoomState, change: Change): RoomState {
  switch (change.kind) {
    case "joined": {
      const others = room.participants.filter((person) => person.id !== change.participant.id);
      return { ...room, participants: [...others, change.participant] };
    }
    case "updated":
      return {
        ...room,
        participants: room.participants.map((person) =>
          person.id === change.participant.id ? change.participant : person,
        ),
      };
    case "left":
      return {
        ...room,
        participants: room.participants.filter((person) => person.id !== change.participant),
      };
    case "room":
      return { ...room, room: change.room };
    case "said":
      return { ...room, chat: [...room.chat, change.message] };
    default:
      // A newer room may know changes that this client does not; the version still moves on.
      return room;
  }
}
