/**
 * Everything that a call does: the one place where state, socket, devices and media meet.
 *
 * Decisions are in `state.ts`; this carries them out. Before the click on "Join meeting" the seat is
 * taken, the socket open and the offer made, so that the click itself waits for nothing.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { roomDetails, takeSeat } from "../api";
import { Background } from "../media/background";
import { Capture, type InputKind } from "../media/capture";
import { ScreenShare } from "../media/screen";
import type {
  ClientMessage,
  EmailAddress,
  ErrorCode,
  Participant,
  ParticipantId,
  RoomDetails,
  Seat,
  ServerMessage,
  Source,
} from "../protocol";
import { hostSecret } from "../storage";
import { delay } from "./backoff";
import { ableDirectly } from "./direct-calls";
import { CallMedia } from "./media";
import { BACKOFF, Signaling } from "./signaling";
import { type CallEvent, type CallState, inMeeting, type Outgoing, reduce, start } from "./state";
import { watch } from "./waking";

/** Failures to open the socket in a row before asking the API whether the meeting is still there. */
const ASK_AFTER_FAILURES = 2;
/** … and before taking a new seat. */
const NEW_SEAT_AFTER_FAILURES = 5;
/** A refused `sync` is said again after this, in milliseconds. */
const SYNC_AGAIN_MS = 1_000;

/** After a sleep of this many milliseconds no socket is expected to work. */
const ASLEEP_MS = 20_000;
/** A reaction is in sight this long, in milliseconds; `room.css` moves it as long. */
const REACTION_MS = 4_000;

/** What people ask of the room about themselves and, as hosts, about others. */
export type Request = Extract<
  ClientMessage,
  {
    type:
      | "unsay"
      | "raise_hand"
      | "react"
      | "admit_all"
      | "stop"
      | "permit"
      | "lock"
      | "waiting_room"
      | "remove"
      | "set_cohost"
      | "lower_hand"
      | "spotlight";
  }
>;

export class Call {
  readonly capture: Capture;
  /** What of the camera is sent. */
  readonly background: Background;
  readonly cameraOn: ReadonlySignal<boolean>;
  readonly state: Signal<CallState> = signal(start);
  readonly details: Signal<RoomDetails | null> = signal(null);
  readonly screen = new ScreenShare();
  /** What somebody who leads the meeting turned off here, or did not let be turned on; a new value each time. */
  readonly held: Signal<{ source: Source; why: "stopped" | "not_permitted" } | null> = signal(null);
  /** The browser says that it has no network. */
  readonly offline: Signal<boolean> = signal(!navigator.onLine);
  /** The machine slept, and the person is not back yet. */
  readonly waking: Signal<boolean> = signal(false);
  readonly media: CallMedia;
  readonly #disposers: (() => void)[] = [];
  #signaling: Signaling | null = null;
  #seat: Seat | null = null;
  #email: EmailAddress | undefined;
  #seating = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  /** What the room was told last of what is on. */
  #updated: string | null = null;
  /** That the person's hand goes down is what they asked for. */
  #lowersHand = false;

  constructor(
    readonly code: string,
    capture: Capture = new Capture(),
  ) {
    this.capture = capture;
    this.background = new Background(computed(() => capture.camera.value.track));
    // A picture that is held back counts as none: others see that there is nothing to wait for.
    this.cameraOn = computed(() => capture.cameraOn.value && this.background.track.value !== null);
    this.media = new CallMedia({
      state: this.state,
      capture,
      background: this.background,
      screen: this.screen,
      seat: () => this.#seat,
      send: (message) => this.#send(message),
      link: (link) => {
        // What took the one away often took the other.
        if (link === "recovering") this.#signaling?.suspect();
        this.#dispatch({ type: "media", link });
      },
      speakers: (participants) => this.#dispatch({ type: "speakers", participants }),
      ready: () => this.#sendJoin(),
      reachable: () => this.state.value.phase === "live" && (this.#signaling?.isOpen ?? false),
      // An answer to what is lost with a socket would be waited for long.
      request: (offer) =>
        this.state.value.phase === "live" && !this.#signaling?.isDoubted && this.#send({ type: "media", offer }),
    });
    void capture.start();
    void this.#takeSeat();
    this.#listen();
  }

  /** Walks in, as soon as everything is there; nothing is awaited when it is. */
  join(name: string): void {
    this.#dispatch({ type: "join", name });
    this.#sendJoin();
  }

  /** A guest's address goes with a seat, so changing it takes another. */
  identify(email: string): void {
    const address = email.trim() === "" ? undefined : email.trim();
    if (address === this.#email || this.state.value.phase !== "preview") return;
    this.#email = address;
    this.#signaling?.stop();
    this.#signaling = null;
    this.#dispatch({ type: "socket_lost" });
    void this.#takeSeat();
  }

  /** To everyone, or to one person alone. */
  say(text: string, to?: ParticipantId): void {
    const message = { id: crypto.randomUUID(), text, ...(to !== undefined && { to }) };
    this.#dispatch({ type: "say", ...message });
    this.#send({ type: "chat", ...message });
  }

  sayAgain(id: string): void {
    const out = inMeeting(this.state.value)?.outbox.find((message) => message.id === id);
    if (!out) return;
    this.#dispatch({ type: "say_again", id });
    this.#send(chat(out));
  }

  turn(kind: InputKind, on: boolean): void {
    void this.capture.turn(kind, on);
  }

  leave(): void {
    this.#send({ type: "leave" });
    this.#dispatch({ type: "leave" });
  }

  admit(participant: ParticipantId): void {
    this.#send({ type: "admit", participant });
  }

  deny(participant: ParticipantId): void {
    this.#send({ type: "deny", participant });
  }

  /** Asks the room for what needs nothing here: its answer changes the state. False while it cannot be asked. */
  ask(request: Request): boolean {
    if (request.type === "raise_hand") this.#lowersHand = !request.raised;
    else if (request.type === "lower_hand" && request.participant === undefined) this.#lowersHand = true;
    return this.#send(request);
  }

  get lowersHand(): boolean {
    return this.#lowersHand;
  }

  endForEveryone(): void {
    this.#send({ type: "end" });
  }

  /** Lets go of everything; the value cannot be used again. */
  dispose(): void {
    if (this.#over) return;
    if (inMeeting(this.state.value) || this.state.value.phase === "waiting") this.#send({ type: "leave" });
    this.#release();
  }

  #release(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    for (const dispose of this.#disposers.splice(0)) dispose();
    this.#signaling?.stop();
    this.#signaling = null;
    this.media.stop();
    this.background.stop();
    this.capture.stop();
    this.screen.stop();
  }

  #dispatch(event: CallEvent): void {
    const before = this.state.value;
    const after = reduce(before, event);
    if (after === before) return;
    this.state.value = after;
    if (after.phase === "live" && after.media === "connected") this.waking.value = false;
    if (after.phase === "ended") this.#release();
  }

  #send(message: ClientMessage): boolean {
    return this.#signaling?.send(message) ?? false;
  }

  async #takeSeat(attempt = 0): Promise<void> {
    this.#seating += 1;
    const seating = this.#seating;
    const secret = hostSecret(this.code);
    const answer = await takeSeat({
      code: this.code,
      ...(this.#email && { email: this.#email }),
      ...(secret && { host_secret: secret }),
    });
    if (this.#over || seating !== this.#seating) return;
    if (!answer.ok) {
      if (answer.code === "unreachable" || answer.code === "rate_limited" || answer.code === "internal") {
        this.#dispatch({ type: "unreachable" });
        const wait = delay({ ...BACKOFF, first: 1_000 }, attempt, Math.random());
        this.#timer = setTimeout(() => void this.#takeSeat(attempt + 1), wait);
      } else if (answer.code === "invalid_request" && this.#email) {
        this.#email = undefined;
        void this.#takeSeat(attempt);
      } else this.#refuse(answer.code);
      return;
    }
    const { room, admission } = answer.value;
    this.#seat = answer.value;
    this.details.value = room;
    this.#dispatch({ type: "seated", room, participants: room.participants, admission });
    if (this.#over) return;
    this.#openSocket(answer.value);
    this.media.follow(answer.value);
  }

  #refuse(code: ErrorCode): void {
    // What an invalid code names does not exist, whatever the API calls it.
    this.#dispatch({ type: "refused", code: code === "invalid_request" ? "room_not_found" : code });
  }

  #openSocket({ signal_url, seat }: Seat): void {
    this.#signaling?.stop();
    this.#signaling = new Signaling(socketUrl(signal_url), seat, {
      message: (message) => this.#receive(message),
      lost: () => {
        this.media.session?.doubt();
        this.#dispatch({ type: "socket_lost" });
      },
      closed: (code) => this.#dispatch({ type: "socket_closed", code }),
      proven: () => this.media.session?.askable(),
      struggling: (attempts) => void this.#struggle(attempts),
    });
  }

  #receive(message: ServerMessage): void {
    const before = this.state.value;
    this.#dispatch({ type: "message", message });
    const after = this.state.value;
    this.media.receive(message);
    switch (message.type) {
      case "seated":
        if ((after.phase === "reconnecting" && after.rejoin) || after.phase === "waiting") this.media.session?.restart();
        this.#sendJoin();
        break;
      case "waiting":
        // The offer was not used. The next one is made now, so that being admitted waits for nothing.
        if (after.phase === "waiting") this.media.session?.restart();
        break;
      case "admitted":
        this.#sendJoin();
        break;
      case "welcome":
        this.#welcomed(before);
        break;
      case "answer":
        this.media.session?.accept(message.sdp, message.slots);
        break;
      case "change":
        if (isStale(after) && !isStale(before)) this.#send({ type: "sync" });
        break;
      case "reaction": {
        const id = inMeeting(after)?.reactions.at(-1)?.id;
        if (id !== undefined) setTimeout(() => this.#dispatch({ type: "reaction_over", id }), REACTION_MS);
        break;
      }
      case "check":
        this.#send({ type: "here" });
        break;
      case "stopped":
        this.#hold(message.source, "stopped");
        break;
      case "error":
        // Said twice, when the socket returned while somebody was admitted: the first is answered.
        if (message.code === "already_joined") break;
        if (message.about === "join" || message.about === "media") {
          this.media.session?.refused(message.code === "offer_rejected");
        } else if (message.about === "update" && message.code === "forbidden") {
          this.#refrain();
        } else if (message.about === "sync") {
          // Said too often; the gap is still there.
          setTimeout(() => {
            if (isStale(this.state.value)) this.#send({ type: "sync" });
          }, SYNC_AGAIN_MS);
        }
        break;
    }
  }

  /** The full state came: say again whatever the room may have missed. */
  #welcomed(before: CallState): void {
    const meeting = inMeeting(this.state.value);
    if (!meeting) return;
    if (before.phase === "live") return;
    this.#holdWhatWentOff(before);
    this.#sendUpdate();
    for (const out of meeting.outbox) {
      if (!out.failed) this.#send(chat(out));
    }
    // Joining and not sent: the socket was lost after the join, and the answer with it.
    const lostWhileJoining = before.phase === "joining" && !before.sent;
    if (before.phase === "reconnecting" || lostWhileJoining) this.media.session?.resumed();
  }

  #sendJoin(): void {
    const state = this.state.value;
    const rejoining = state.phase === "reconnecting" && state.rejoin;
    const joining = (state.phase === "joining" || state.phase === "waiting") && !state.sent && state.entry.ready;
    if ((!rejoining && !joining) || !this.#signaling?.isOpen) return;
    const offer = this.media.session?.takeOffer();
    if (!offer) return;
    this.#send({
      type: "join",
      name: state.name,
      microphone: this.capture.microphoneOn.value,
      camera: this.cameraOn.value,
      ...ableDirectly(),
      offer,
    });
    this.#dispatch({ type: "join_sent" });
  }

  #sendUpdate(): void {
    const meeting = inMeeting(this.state.value);
    const me = meeting?.room.participants.find((person) => person.id === meeting.you);
    const microphone = this.capture.microphoneOn.value;
    const camera = this.cameraOn.value;
    const screen = this.screen.shared.value.picture !== null;
    const isKnown = me?.microphone === microphone && me.camera === camera && me.screen === screen;
    const update = JSON.stringify([microphone, camera, screen]);
    // The room's word on an older one may still be on its way.
    if (!me || (isKnown && (this.#updated ?? update) === update)) return;
    if (this.#send({ type: "update", microphone, camera, screen })) this.#updated = update;
  }

  /** What a host turned off while the socket was away stays off. */
  #holdWhatWentOff(before: CallState): void {
    const [was, is] = [me(before), me(this.state.value)];
    if (!was || !is || (before.phase === "reconnecting" && before.rejoin)) return;
    for (const source of ["microphone", "camera", "screen"] as const) {
      if (was[source] && !is[source]) this.#hold(source, "stopped");
    }
  }

  /** Turns off what somebody who leads the meeting decided on. */
  #hold(source: Source, why: "stopped" | "not_permitted"): void {
    const { picture, sound } = this.screen.shared.value;
    const on =
      source === "screen" ? picture : source === "screen_audio" ? sound : this.capture[source].value.wanted;
    if (!on) return;
    if (source === "screen") this.screen.stop();
    else if (source === "screen_audio") this.screen.silence();
    else this.turn(source, false);
    this.held.value = { source, why };
  }

  /** The room refused what was turned on: what it does not permit goes off again. */
  #refrain(): void {
    const meeting = inMeeting(this.state.value);
    const me = meeting?.room.participants.find((person) => person.id === meeting.you);
    if (!meeting || !me) return;
    const { share, unmute } = meeting.room.room.permissions;
    if (!share && !me.screen && this.screen.shared.value.picture) this.#hold("screen", "not_permitted");
    if (!unmute && !me.microphone && this.capture.microphoneOn.value) this.#hold("microphone", "not_permitted");
  }

  async #struggle(attempts: number): Promise<void> {
    const seat = this.#seat;
    if (attempts < ASK_AFTER_FAILURES || !seat) return;
    const answer = await roomDetails(seat.room.id);
    if (this.#over || this.#seat !== seat) return;
    if (!answer.ok && (answer.code === "room_not_found" || answer.code === "room_ended")) {
      this.#refuse(answer.code);
    } else if (answer.ok && (answer.value.phase === "destroyed" || answer.value.phase === "expired")) {
      this.#refuse("room_ended");
    } else if (answer.ok && !this.#signaling?.isOpen) {
      this.#dispatch({ type: "socket_blocked" });
      if (attempts < NEW_SEAT_AFTER_FAILURES) return;
      // The API works and this seat does not: it may have expired.
      await this.#takeSeat();
    }
  }

  #listen(): void {
    const on = (target: EventTarget, type: string, listener: (event: Event) => void) => {
      target.addEventListener(type, listener);
      this.#disposers.push(() => target.removeEventListener(type, listener));
    };
    this.#disposers.push(
      watch({
        doubt: () => {
          this.#signaling?.probe();
          this.media.doubt();
        },
        woke: (slept) => {
          if (slept < ASLEEP_MS) this.#signaling?.probe();
          else {
            this.#signaling?.wake();
            this.waking.value = inMeeting(this.state.value) !== null;
          }
          this.media.doubt();
        },
        online: (online) => {
          this.offline.value = !online;
        },
      }),
    );
    on(window, "pagehide", (event) => {
      // A page kept for "back" comes back to its seat; any other is gone.
      if (!(event as PageTransitionEvent).persisted) this.dispose();
    });
    this.#disposers.push(
      effect(() => {
        // Reading both makes any change of either a reason to tell the room.
        void this.capture.microphoneOn.value;
        void this.cameraOn.value;
        void this.screen.shared.value.picture;
        untracked(() => {
          if (this.state.value.phase === "live") this.#sendUpdate();
        });
      }),
    );
  }
}

function me(state: CallState): Participant | undefined {
  const meeting = inMeeting(state);
  return meeting?.room.participants.find(({ id }) => id === meeting.you);
}

function chat({ id, text, to }: Outgoing): ClientMessage {
  return { type: "chat", id, text, ...(to !== undefined && { to }) };
}

function isStale(state: CallState): boolean {
  return inMeeting(state)?.stale ?? false;
}

/** The API may answer with the scheme of the page. */
function socketUrl(url: string): string {
  const absolute = new URL(url, location.href);
  absolute.protocol = absolute.protocol.replace(/^http/, "ws");
  return absolute.href;
}
