/** Values that several tests need. */
import type { ChatMessage, Participant, RoomState, RoomSummary, ServerMessage } from "../src/protocol";
import { type CallEvent, type CallState, reduce, start } from "../src/call/state";

export const summary: RoomSummary = {
  title: "Standup",
  kind: "public",
  phase: "active",
  locked: false,
  waiting_room: false,
  permissions: { share: true, chat: true, react: true, unmute: true },
};

export function person(id: string, more: Partial<Participant> = {}): Participant {
  return {
    id,
    name: id,
    role: "participant",
    microphone: true,
    camera: true,
    screen: false,
    presence: "connected",
    joined_at: 1,
    ...more,
  };
}

export function line(sequence: number, id = `m${sequence}`, author = "ada"): ChatMessage {
  return { sequence, id, author, author_name: author, text: `text ${sequence}`, sent_at: sequence };
}

export function room(version: number, more: Partial<RoomState> = {}): RoomState {
  return { version, room: summary, participants: [person("ada")], chat: [], ...more };
}

export function welcome(state: RoomState): ServerMessage {
  return { type: "welcome", you: "ada", state };
}

export function after(events: readonly CallEvent[], from: CallState = start): CallState {
  return events.reduce(reduce, from);
}

export function said(message: ServerMessage): CallEvent {
  return { type: "message", message };
}

export const seated = said({ type: "seated", room: summary, names: ["Bob"], participants: 1, admission: "walk" });

export const mustAsk = said({ type: "seated", room: summary, names: [], participants: 0, admission: "ask" });

/** Asked to be let in, and the room knows. */
export const waiting = after([
  mustAsk,
  { type: "join", name: "Ada" },
  { type: "join_sent" },
  said({ type: "waiting", host_present: true }),
]);

/** In the meeting as ada, at version 5. */
export const live = after([seated, { type: "join", name: "Ada" }, { type: "join_sent" }, said(welcome(room(5)))]);
