/**
 * What a call is at any moment, and how each event changes it.
 *
 * Pure: no sockets, no devices, no clock. The view is a function of this state, and an action that
 * makes no sense in a state has no place to happen in it. Effects live in `effects.ts`.
 */
import {
  type Admission,
  CLOSE_DENIED,
  CLOSE_ENDED,
  CLOSE_LEFT,
  CLOSE_PROTOCOL,
  CLOSE_RATE,
  CLOSE_REMOVED,
  CLOSE_REPLACED,
  type ChatId,
  type ClientMessage,
  type EndReason,
  type ErrorCode,
  type ParticipantId,
  type Reaction,
  type RoomState,
  type RoomSummary,
  type ServerMessage,
  type WaitingPerson,
} from "../protocol";
import { hear, step } from "./roster";

/** What is known of the meeting before walking in. */
export interface Entry {
  room: Pick<RoomSummary, "title" | "kind"> | null;
  /** At most ten, in the order they came. */
  names: readonly string[];
  /** How many are in. */
  participants: number;
  /** Whether the person walks in or asks; null until that is known. */
  admission: Admission | null;
  /** The seat is taken, the socket is open and the room said so. */
  ready: boolean;
  /** The API answers, and still the socket cannot be opened. */
  blocked?: boolean;
}

/** How media gets on, from the person's point of view. */
export type MediaLink =
  | "connecting"
  | "connected"
  /** Was there, is being brought back. */
  | "recovering"
  /** No region takes the call now; tried again by itself. */
  | "unavailable"
  /** The region refused this browser's description; trying again would not help. */
  | "rejected";

/** A chat message that the room has not confirmed. */
export interface Outgoing {
  id: ChatId;
  text: string;
  /** To whom alone; to everyone when absent. */
  to?: ParticipantId;
  /** Refused; the person may try again. */
  failed: boolean;
}

/** A reaction while it is in sight. */
export interface Reacting {
  /** Counts up; no two have the same. */
  id: number;
  participant: ParticipantId;
  reaction: Reaction;
}

/** Something that happened to this person and that they should be told of once. */
export type News =
  /** A host made them a co-host, or no longer. */
  | { kind: "role"; leads: boolean }
  /** The room refused what they asked for. */
  | { kind: "refused"; code: ErrorCode; about: string };

export interface InMeeting {
  name: string;
  you: ParticipantId;
  room: RoomState;
  /** A change was missed; the full state is being asked for. */
  stale: boolean;
  outbox: readonly Outgoing[];
  media: MediaLink;
  /** Loudest first. */
  speakers: readonly ParticipantId[];
  /** Who waits to be let in, in the order they asked; only hosts are told. */
  lobby: readonly WaitingPerson[];
  /** In the order they came. */
  reactions: readonly Reacting[];
  /** The latest; another value is another event, also where both say the same. */
  news: News | null;
}

export type Ending =
  | { kind: "left" }
  | { kind: "over"; reason: EndReason }
  /** A host did not let the person in. */
  | { kind: "denied" }
  /** A host put the person out. */
  | { kind: "removed" }
  /** The same seat is used in another tab. */
  | { kind: "replaced" }
  /** The room closed the socket for good: it was not understood, was sent too much, or did not say why. */
  | { kind: "closed"; why: "protocol" | "rate" | "unknown" }
  | { kind: "refused"; code: ErrorCode };

export type Preview = { phase: "preview"; entry: Entry; problem: ErrorCode | "unreachable" | null };
export type Joining = { phase: "joining"; entry: Entry; name: string; sent: boolean };
/** `sent`: the room knows that the person asks; else they ask again as soon as that is possible. */
export type Waiting = { phase: "waiting"; entry: Entry; name: string; sent: boolean; hostPresent: boolean };
export type Live = { phase: "live" } & InMeeting;
/** `rejoin`: the room gave this person up; they must join again. */
export type Reconnecting = { phase: "reconnecting"; rejoin: boolean } & InMeeting;
export type Ended = { phase: "ended"; ending: Ending; name: string };

export type CallState = Preview | Joining | Waiting | Live | Reconnecting | Ended;

export type CallEvent =
  | { type: "seated"; room: Pick<RoomSummary, "title" | "kind">; participants: number; admission: Admission }
  | { type: "refused"; code: ErrorCode }
  | { type: "unreachable" }
  | { type: "socket_lost" }
  | { type: "socket_blocked" }
  | { type: "socket_closed"; code: number }
  | { type: "message"; message: ServerMessage }
  | { type: "join"; name: string }
  | { type: "join_sent" }
  | { type: "say"; id: ChatId; text: string; to?: ParticipantId }
  | { type: "say_again"; id: ChatId }
  | { type: "reaction_over"; id: number }
  | { type: "media"; link: MediaLink }
  | { type: "speakers"; participants: readonly ParticipantId[] }
  | { type: "leave" };

/** Reactions in sight at once; in a large room, older ones make place. */
const REACTIONS = 24;

/** What a person asks for themselves, and so should know when it is refused. */
const ASKED: ReadonlySet<string> = new Set([
  "admit",
  "admit_all",
  "deny",
  "end",
  "lock",
  "lower_hand",
  "permit",
  "raise_hand",
  "react",
  "remove",
  "set_cohost",
  "spotlight",
  "stop",
  "unsay",
  "waiting_room",
] satisfies ClientMessage["type"][]);

export const start: Preview = {
  phase: "preview",
  entry: { room: null, names: [], participants: 0, admission: null, ready: false },
  problem: null,
};

export function reduce(state: CallState, event: CallEvent): CallState {
  if (state.phase === "ended") return state;
  switch (event.type) {
    case "refused":
      return ended(state, { kind: "refused", code: event.code });
    case "leave":
      return ended(state, { kind: "left" });
    case "socket_closed":
      return ended(state, closing(event.code));
    case "message":
      return receive(state, event.message);
    default:
      switch (state.phase) {
        case "preview":
        case "joining":
        case "waiting":
          return enter(state, event);
        case "live":
        case "reconnecting":
          return meet(state, event);
      }
  }
}

/** The meeting that someone is in, also while its socket is being brought back. */
export function inMeeting(state: CallState): Live | Reconnecting | null {
  return state.phase === "live" || state.phase === "reconnecting" ? state : null;
}

type Own<Type extends CallEvent["type"]> = Exclude<CallEvent, { type: Type }>;
type Rest = Own<"refused" | "leave" | "socket_closed" | "message">;

function enter(state: Preview | Joining | Waiting, event: Rest): CallState {
  switch (event.type) {
    case "seated": {
      const { room, participants, admission } = event;
      const entry = { ...state.entry, room, participants, admission };
      return state.phase === "preview" ? { ...state, entry, problem: null } : { ...state, entry };
    }
    case "unreachable":
      return state.phase === "preview" ? { ...state, problem: "unreachable" } : state;
    case "socket_lost": {
      const entry = { ...state.entry, ready: false };
      return state.phase === "preview" ? { ...state, entry } : { ...state, entry, sent: false };
    }
    case "socket_blocked":
      return { ...state, entry: { ...state.entry, blocked: true } };
    case "join":
      return state.phase === "preview"
        ? { phase: "joining", entry: state.entry, name: event.name, sent: false }
        : state;
    case "join_sent":
      return state.phase === "preview" ? state : { ...state, sent: true };
    default:
      return state;
  }
}

function meet(state: Live | Reconnecting, event: Rest): CallState {
  switch (event.type) {
    case "socket_lost":
      // Who waits is not known meanwhile, and nobody could be answered.
      return { ...state, phase: "reconnecting", rejoin: false, lobby: [] };
    case "join_sent":
      return state.phase === "reconnecting" ? { ...state, rejoin: false } : state;
    case "say":
      return {
        ...state,
        outbox: [
          ...state.outbox,
          { id: event.id, text: event.text, failed: false, ...(event.to !== undefined && { to: event.to }) },
        ],
      };
    case "say_again":
      return {
        ...state,
        outbox: state.outbox.map((out) => (out.id === event.id ? { ...out, failed: false } : out)),
      };
    case "reaction_over":
      return { ...state, reactions: state.reactions.filter(({ id }) => id !== event.id) };
    case "media":
      return { ...state, media: event.link };
    case "speakers":
      return { ...state, speakers: event.participants };
    default:
      return state;
  }
}

function receive(state: Exclude<CallState, Ended>, message: ServerMessage): CallState {
  switch (message.type) {
    case "seated": {
      if (state.phase === "live" || state.phase === "reconnecting") {
        return { ...state, phase: "reconnecting", rejoin: true };
      }
      const { room, names, participants, admission } = message;
      const entry = { room, names, participants, admission, ready: true };
      return state.phase === "preview" ? { ...state, entry, problem: null } : { ...state, entry, sent: false };
    }
    case "waiting":
      if (state.phase !== "joining" && state.phase !== "waiting") return state;
      return {
        phase: "waiting",
        entry: { ...state.entry, admission: "ask" },
        name: state.name,
        sent: true,
        hostPresent: message.host_present,
      };
    case "admitted":
      if (state.phase !== "waiting") return state;
      return { phase: "joining", entry: { ...state.entry, admission: "walk" }, name: state.name, sent: false };
    case "denied":
      return ended(state, { kind: "denied" });
    case "lobby": {
      const meeting = inMeeting(state);
      return meeting ? { ...meeting, lobby: message.waiting } : state;
    }
    case "welcome": {
      if (state.phase === "preview") return state;
      const before = inMeeting(state);
      const said = new Set(message.state.chat.map((line) => line.id));
      return {
        phase: "live",
        name: state.name,
        you: message.you,
        room: message.state,
        stale: false,
        outbox: (before?.outbox ?? []).filter((out) => !said.has(out.id)),
        media: before?.media ?? "connecting",
        speakers: before?.speakers ?? [],
        lobby: before?.lobby ?? [],
        reactions: before?.reactions ?? [],
        news: before?.news ?? null,
      };
    }
    case "direct": {
      const meeting = inMeeting(state);
      return meeting ? heard(meeting, hear(meeting.room, message.message), message.message.id) : state;
    }
    case "reaction": {
      const meeting = inMeeting(state);
      return meeting ? { ...meeting, reactions: react(meeting.reactions, message) } : state;
    }
    case "change":
      return change(state, message);
    case "error":
      return refuse(state, message.code, message.about);
    case "ended":
      return ended(state, { kind: "over", reason: message.reason });
    default:
      return state;
  }
}

function change(state: Exclude<CallState, Ended>, message: Extract<ServerMessage, { type: "change" }>): CallState {
  const meeting = inMeeting(state);
  if (!meeting || meeting.stale) return state;
  const next = step(meeting.room, message.version, message.change);
  switch (next.kind) {
    case "old":
      return state;
    case "gap":
      return { ...meeting, stale: true };
    case "applied": {
      const said = message.change.kind === "said" ? message.change.message.id : null;
      return { ...heard(meeting, next.room, said), news: newsOf(meeting, next.room) ?? meeting.news };
    }
  }
}

function heard(meeting: Live | Reconnecting, room: RoomState, said: ChatId | null): Live | Reconnecting {
  return { ...meeting, room, outbox: said === null ? meeting.outbox : meeting.outbox.filter(({ id }) => id !== said) };
}

function react(before: readonly Reacting[], { participant, reaction }: Omit<Reacting, "id">): readonly Reacting[] {
  return [...before, { id: (before.at(-1)?.id ?? 0) + 1, participant, reaction }].slice(-REACTIONS);
}

/** What a change did to the person themselves. */
function newsOf({ room, you }: InMeeting, next: RoomState): News | null {
  const leads = ({ participants }: RoomState) => {
    const role = participants.find(({ id }) => id === you)?.role;
    return role === undefined ? null : role !== "participant";
  };
  const [before, after] = [leads(room), leads(next)];
  return before === null || after === null || before === after ? null : { kind: "role", leads: after };
}

function refuse(state: Exclude<CallState, Ended>, code: ErrorCode, about: string | undefined): CallState {
  const meeting = inMeeting(state);
  if (meeting) {
    if (about === "chat") return { ...meeting, outbox: failOldest(meeting.outbox) };
    if (about === "join" && code !== "already_joined" && !mediaRefusal(code)) {
      return ended(state, { kind: "refused", code });
    }
    return about !== undefined && ASKED.has(about) ? { ...meeting, news: { kind: "refused", code, about } } : state;
  }
  if ((state.phase !== "joining" && state.phase !== "waiting") || about !== "join") return state;
  switch (code) {
    case "room_full":
    case "room_ended":
    case "room_locked":
    case "room_not_found":
    case "not_invited":
    case "banned":
      return ended(state, { kind: "refused", code });
    default:
      return { phase: "preview", entry: state.entry, problem: code };
  }
}

function mediaRefusal(code: ErrorCode): boolean {
  return code === "region_unavailable" || code === "offer_rejected" || code === "internal";
}

/** The room answers in order, so a refusal is about the oldest message still under way. */
function failOldest(outbox: readonly Outgoing[]): readonly Outgoing[] {
  const oldest = outbox.findIndex((out) => !out.failed);
  return outbox.map((out, index) => (index === oldest ? { ...out, failed: true } : out));
}

function closing(code: number): Ending {
  switch (code) {
    case CLOSE_REPLACED:
      return { kind: "replaced" };
    case CLOSE_ENDED:
      return { kind: "over", reason: "ended_by_host" };
    case CLOSE_DENIED:
      return { kind: "denied" };
    case CLOSE_REMOVED:
      return { kind: "removed" };
    case CLOSE_LEFT:
      return { kind: "left" };
    case CLOSE_PROTOCOL:
      return { kind: "closed", why: "protocol" };
    case CLOSE_RATE:
      return { kind: "closed", why: "rate" };
    default:
      return { kind: "closed", why: "unknown" };
  }
}

function ended(state: Exclude<CallState, Ended>, ending: Ending): Ended {
  return { phase: "ended", ending, name: state.phase === "preview" ? "" : state.name };
}
