/**
 * The room as a participant knows it: one full state, then versioned changes.
 *
 * Pure. It never guesses: a change that does not follow directly is a gap, and the caller asks the
 * room for the full state.
 */
import { CHAT_HISTORY, type ChatMessage, type Change, type Participant, type RoomState } from "../protocol";

export type Step = { kind: "applied"; room: RoomState } | { kind: "old" } | { kind: "gap" };

/** The room after `change`, which leads to `version`. */
export function step(room: RoomState, version: number, change: Change): Step {
  if (version <= room.version) return { kind: "old" };
  if (version !== room.version + 1) return { kind: "gap" };
  return { kind: "applied", room: { ...apply(room, change), version } };
}

/**
 * The room with one more message in its chat, where the order of the room puts it. It keeps as many
 * as the room: a meeting of hours must not grow, and whoever loses the connection has no fewer.
 */
export function hear(room: RoomState, message: ChatMessage): RoomState {
  const { chat } = room;
  if (chat.some(({ sequence }) => sequence === message.sequence)) return room;
  const after = chat.findIndex(({ sequence }) => sequence > message.sequence);
  const all = after < 0 ? [...chat, message] : chat.toSpliced(after, 0, message);
  return { ...room, chat: all.slice(-CHAT_HISTORY) };
}

/** Whose hand is up, in the order in which they raised it. */
export function raisedHands(participants: readonly Participant[]): readonly Participant[] {
  return participants
    .filter(({ hand_raised_at }) => hand_raised_at !== undefined)
    .sort((one, other) => (one.hand_raised_at ?? 0) - (other.hand_raised_at ?? 0));
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
      return hear(room, change.message);
    case "unsaid":
      return { ...room, chat: room.chat.filter(({ sequence }) => sequence !== change.sequence) };
    default:
      // A newer room may know changes that this client does not; the version still moves on.
      return room;
  }
}
