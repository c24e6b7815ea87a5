/** Before joining: see and hear oneself, choose devices, say one's name, walk in. */
import { CircleAlert, CircleCheck, LoaderCircle, Sparkles, TriangleAlert, Volume2 } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../call/effects";
import type { Joining, Preview as PreviewState, Waiting } from "../call/state";
import { mirrored } from "../call/view-choices";
import { isAddress } from "../home/addresses";
import { playChime } from "../media/chime";
import { watchLevel } from "../media/level";
import { session } from "../account/session";
import { NAME_CHARS, type User } from "../protocol";
import { recall, remember } from "../storage";
import { titleOf, words } from "../text";
import { UserAvatar } from "./avatar";
import { BackgroundChoices, Decide } from "./background";
import { type Check, useCheck } from "./connection-check";
import { Field, IconButton } from "./controls";
import { DeviceButtons, deviceActions, useFallback } from "./device-controls";
import { DeviceSelect } from "./device-select";
import { WaitingNotice } from "./lobby";
import { Page, useTitle } from "./page";
import { Picture } from "./picture";
import { RingingNotice } from "./ringing";
import { useShortcuts } from "./shortcuts";

interface PreviewProps {
  call: Call;
  state: PreviewState | Joining | Waiting;
}

export function Preview({ call, state }: PreviewProps): JSX.Element {
  const { entry } = state;
  useTitle(entry.room ? titleOf(entry.room) : words.preview.title);
  useShortcuts(deviceActions(call));
  return (
    <Page class="preview-page">
      <div class="preview">
        <section class="preview-self" aria-label={words.preview.self}>
          <SelfView call={call} />
          <Level call={call} />
          <Devices call={call} />
        </section>
        <section class="preview-join">
          <h1>
            <bdi>{entry.room ? titleOf(entry.room) : words.preview.title}</bdi>
          </h1>
          <p class="note presence">{presence(state)}</p>
          <RingingNotice code={call.code} others={entry.participants} />
          {state.phase === "waiting" ? (
            <WaitingNotice call={call} state={state} />
          ) : (
            <Join call={call} state={state} />
          )}
          <ConnectionCheck check={useCheck(call, state)} />
        </section>
      </div>
    </Page>
  );
}

function presence({ entry }: PreviewProps["state"]): string {
  if (entry.room === null) return words.preview.looking;
  if (entry.participants === 0) return words.preview.alone;
  return entry.names.length > 0
    ? words.preview.here(entry.names.slice(0, 3), entry.participants)
    : words.preview.isHere(entry.participants);
}

function SelfView({ call }: { call: Call }): JSX.Element {
  const { wanted, starting, problem } = call.capture.camera.value;
  const { track, starting: preparing, undecided, choice } = call.background;
  const picture = track.value;
  const mic = call.capture.microphone.value.problem;
  const gone = useFallback(call.capture);
  const note = mic === null ? gone : words.devices.microphone[mic];
  const [shown, setShown] = useState(false);
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <div class="self-view">
        {picture ? (
          <Picture track={picture} mirrored={mirrored.value} label={words.preview.self} onShow={setShown} />
        ) : undecided.value !== null ? (
          <Decide call={call} class="self-empty" />
        ) : (
          <p class="self-empty">
            {problem !== null
              ? words.devices.camera[problem]
              : preparing.value
                ? words.background.preparing
                : starting && wanted
                  ? words.preview.cameraStarting
                  : words.preview.cameraOff}
          </p>
        )}
        {((picture && !shown) || starting || preparing.value) && <span class="skeleton" aria-hidden="true" />}
        {note !== null && (
          <p class="self-note" role="status">
            {note}
          </p>
        )}
        <div class="self-controls">
          <DeviceButtons call={call} />
          <IconButton
            icon={Sparkles}
            label={words.background.title}
            tone={choice.value === "none" ? "plain" : "on"}
            expanded={choosing}
            busy={preparing.value}
            onClick={() => setChoosing(!choosing)}
          />
        </div>
      </div>
      {choosing && (
        <div class="backgrounds-sheet">
          <BackgroundChoices call={call} />
        </div>
      )}
    </>
  );
}

function Level({ call }: { call: Call }): JSX.Element {
  const { track } = call.capture.microphone.value;
  const [level, setLevel] = useState(0);
  useEffect(() => {
    setLevel(0);
    return track ? watchLevel(track, setLevel) : undefined;
  }, [track]);
  const percent = Math.round(level * 100);
  return (
    <div
      class="level"
      role="meter"
      aria-label={words.preview.level}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ transform: `scaleX(${level})` }} />
    </div>
  );
}

function Devices({ call }: { call: Call }): JSX.Element {
  const [playing, setPlaying] = useState(false);
  const test = async () => {
    setPlaying(true);
    try {
      await playChime(call.capture.speaker.value);
    } finally {
      setPlaying(false);
    }
  };
  return (
    <div class="devices">
      <DeviceSelect call={call} kind="camera" label={words.preview.camera} />
      <DeviceSelect call={call} kind="microphone" label={words.preview.microphone} />
      <div class="speaker-row">
        <DeviceSelect call={call} kind="speaker" label={words.preview.speaker} />
        <button type="button" class="button" aria-busy={playing || undefined} onClick={() => playing || void test()}>
          <Volume2 size={18} aria-hidden="true" />
          {words.preview.testSpeaker}
        </button>
      </div>
    </div>
  );
}

interface JoinProps {
  call: Call;
  state: PreviewState | Joining;
}

function Join(props: JoinProps): JSX.Element {
  const signIn = session.value;
  if (signIn.kind === "in") return <JoinAs {...props} user={signIn.user} />;
  // Who is there is known within one answer; without it a guest gets on.
  if (signIn.kind === "unknown" && !signIn.unreachable) return <div class="join-form" aria-busy="true" />;
  return <JoinForm {...props} />;
}

function JoinAs({ call, state, user }: JoinProps & { user: User }): JSX.Element {
  const submit = (event: Event) => {
    event.preventDefault();
    if (state.phase === "preview") call.join(user.name);
  };
  return (
    <form class="join-form" onSubmit={submit}>
      <p class="person">
        <UserAvatar user={user} />
        <span class="asking">
          <strong>{user.name}</strong>
          <span class="note">{user.email}</span>
        </span>
      </p>
      <JoinButton state={state} />
    </form>
  );
}

function JoinForm({ call, state }: JoinProps): JSX.Element {
  const [name, setName] = useState(() => recall("name"));
  const [email, setEmail] = useState("");
  const [asked, setAsked] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const address = useRef<HTMLInputElement>(null);
  const joining = state.phase === "joining";
  const problem = nameProblem(name);
  const badEmail = email.trim() !== "" && !isAddress(email);

  const submit = (event: Event) => {
    event.preventDefault();
    setAsked(true);
    if (problem !== null) input.current?.focus();
    else if (badEmail) address.current?.focus();
    else if (!joining) {
      remember("name", name.trim());
      call.identify(email);
      call.join(name.trim());
    }
  };

  return (
    <form class="join-form" onSubmit={submit} noValidate>
      <Field label={words.preview.name} error={asked ? problem : null}>
        {({ id, describedBy, invalid }) => (
          <input
            ref={input}
            id={id}
            type="text"
            required
            maxLength={NAME_CHARS}
            autoComplete="name"
            placeholder={words.preview.namePlaceholder}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        label={words.preview.email}
        hint={words.preview.emailOptional}
        error={asked && badEmail ? words.preview.emailInvalid : null}
      >
        {({ id, describedBy, invalid }) => (
          <input
            ref={address}
            id={id}
            type="email"
            autoComplete="email"
            aria-describedby={describedBy}
            aria-invalid={invalid}
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
            onBlur={() => badEmail || call.identify(email)}
          />
        )}
      </Field>
      <JoinButton state={state} />
    </form>
  );
}

function JoinButton({ state }: { state: JoinProps["state"] }): JSX.Element {
  const joining = state.phase === "joining";
  const asks = state.entry.admission === "ask";
  const { preview, lobby } = words;
  const [idle, busy] = asks ? [lobby.ask, lobby.asking] : [preview.join, preview.joining];
  return (
    <>
      {state.phase === "preview" && state.problem !== null && (
        <p class="banner danger" role="alert">
          {words.errors[state.problem].title}. {words.errors[state.problem].next}
        </p>
      )}
      <button type="submit" class="button primary large wide" aria-busy={joining || undefined}>
        {joining ? busy : idle}
      </button>
      {asks && <p class="note">{lobby.willAsk}</p>}
    </>
  );
}

function nameProblem(name: string): string | null {
  if (name.trim() === "") return words.preview.nameMissing;
  return /[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/u.test(name.trim()) ? words.preview.nameForbidden : null;
}

function ConnectionCheck({ check }: { check: Check }): JSX.Element {
  const Icon = { checking: LoaderCircle, good: CircleCheck, warning: TriangleAlert, danger: CircleAlert }[check.mark];
  return (
    <div class={`check check-${check.mark}`}>
      <Icon size={18} aria-hidden="true" />
      <div>
        <p role="status" aria-label={words.check.label}>
          {check.text}
        </p>
        {check.again && (
          <button
            type="button"
            class="link"
            aria-busy={check.mark === "checking" || undefined}
            onClick={() => check.mark === "checking" || check.again?.()}
          >
            {words.check.again}
          </button>
        )}
      </div>
    </div>
  );
}
