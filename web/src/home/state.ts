/** What the home page knows, and how each event changes it. Pure: no sockets, no clock. */
import type { CallId, HomeEvent, IncomingCall, Meetings, RoomDetails } from "../protocol";

/** A call that rings here. */
export interface Ringing {
  call: IncomingCall;
  /** When it stops by itself, on this device's clock. */
  until: number;
}

export interface HomeState {
  /** Null until the account said. */
  meetings: Meetings | null;
  /** The one that began first comes first. */
  calls: readonly Ringing[];
  /** What is shown is kept current. */
  current: boolean;
}

export type HomeChange =
  | { type: "event"; event: HomeEvent; now: number }
  /** The list as the API has it, where the socket did not bring it yet. */
  | { type: "fetched"; meetings: Meetings }
  | { type: "lost" }
  | { type: "answered"; call: CallId }
  | { type: "tick"; now: number };

export const start: HomeState = { meetings: null, calls: [], current: false };

/** Longest that anything rings, whatever clocks say. */
const RING_MS = 60_000;

export function reduce(state: HomeState, change: HomeChange): HomeState {
  switch (change.type) {
    case "event":
      return receive(state, change.event, change.now);
    case "fetched":
      return state.meetings === null ? { ...state, meetings: change.meetings } : state;
    case "lost":
      return { ...state, current: false };
    case "answered":
      return without(state, change.call);
    case "tick": {
      const calls = state.calls.filter(({ until }) => until > change.now);
      return calls.length === state.calls.length ? state : { ...state, calls };
    }
  }
}

function receive(state: HomeState, event: HomeEvent, now: number): HomeState {
  switch (event.type) {
    case "meetings":
      return { ...state, meetings: event.meetings, current: true };
    case "live": {
      if (state.meetings === null) return state;
      const { room, phase, participants } = event;
      const change = (one: RoomDetails) => (one.id === room ? { ...one, phase, participants } : one);
      const all = state.meetings.upcoming.map(change);
      return {
        ...state,
        meetings: {
          upcoming: all.filter((one) => !isOver(one)),
          past: [...all.filter(isOver), ...state.meetings.past.map(change)],
        },
      };
    }
    case "ringing": {
      const { call } = event;
      if (state.calls.some((one) => one.call.id === call.id)) return state;
      // The clocks of server and device differ; how long it rings does not.
      const lasts = Math.min(RING_MS, call.until - call.since);
      return lasts <= 0 ? state : { ...state, calls: [...state.calls, { call, until: now + lasts }] };
    }
    case "rung":
      return without(state, event.call);
    default:
      // A newer edge may say more.
      return state;
  }
}

function without(state: HomeState, id: CallId): HomeState {
  const calls = state.calls.filter(({ call }) => call.id !== id);
  return calls.length === state.calls.length ? state : { ...state, calls };
}

export function isOver({ phase }: Pick<RoomDetails, "phase">): boolean {
  return phase === "expired" || phase === "destroyed";
}
