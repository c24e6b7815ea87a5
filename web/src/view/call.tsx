/** In the meeting: the stage, one bar of controls, and one panel at a time. */
import { signal } from "@preact/signals";
import { Link2, MessageSquare, PhoneOff, Users } from "lucide-preact";
import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { MediaLink } from "../call/state";
import { words } from "../text";
import { useAwake } from "./awake";
import { ChatPanel } from "./chat";
import { copy, IconButton, ThemeSwitch } from "./controls";
import { DeviceButtons, deviceKey } from "./device-controls";
import { type CallViewProps, linkOf } from "./in-meeting";
import { Knock } from "./lobby";
import { useTitle } from "./page";
import { PeoplePanel } from "./people";
import { RingingNotice } from "./ringing";
import { useShortcuts } from "./shortcuts";
import { Sound } from "./sound";
import { Stage } from "./stage";
import { announce, Toasts } from "./toasts";

type Panel = "chat" | "people";

const NOTICE_AFTER_MS = 1_000;

/** Someone who rejoins within the page finds the panel as it was. */
const panel = signal<Panel | null>(null);

export function CallView({ call, meeting }: CallViewProps): JSX.Element {
  const { room } = meeting;
  useTitle(room.room.title);
  useComings(meeting);
  useAwake();
  const [sent, setSent] = useState(false);
  const [hidden, setHidden] = useState(0);
  const unread = useUnread(meeting, panel.value === "chat");

  const toggle = (which: Panel) => {
    panel.value = panel.value === which ? null : which;
  };
  const close = useCallback(() => {
    panel.value = null;
  }, []);
  const copyLink = async () => {
    const copied = await copy(linkOf(call));
    announce(copied ? words.call.copied : words.call.copyFailed);
  };
  const leave = () => {
    if (sent) return;
    setSent(true);
    call.leave();
  };

  useShortcuts((key) => {
    if (key === "c") toggle("chat");
    else if (key === "p") toggle("people");
    else if (key === "escape" && panel.value !== null) close();
    else return deviceKey(call, key);
    return true;
  });

  return (
    <div class="call" data-panel={panel.value ?? undefined}>
      <header class="call-head">
        <h1>{room.room.title}</h1>
        <div class="call-head-actions">
          {hidden > 0 && (
            <button type="button" class="more" onClick={() => toggle("people")}>
              {words.call.more(hidden)}
            </button>
          )}
          <IconButton icon={Link2} label={words.call.copyLink} onClick={() => void copyLink()} class="quiet" />
          <ThemeSwitch />
        </div>
      </header>
      <main class="call-main">
        <Notice call={call} meeting={meeting} />
        <RingingNotice code={call.code} others={room.participants.length - 1} />
        <Stage call={call} meeting={meeting} onCopyLink={() => void copyLink()} onHidden={setHidden} />
      </main>
      <Knock
        call={call}
        waiting={meeting.lobby}
        listed={panel.value === "people"}
        onList={() => {
          panel.value = "people";
        }}
      />
      <div class="call-bar">
        <Sound call={call} />
        <div class="bar" role="toolbar" aria-label={words.call.controls} onKeyDown={walkToolbar}>
          <DeviceButtons call={call} />
          <span class="bar-line" aria-hidden="true" />
          <IconButton
            icon={MessageSquare}
            label={words.call.chat}
            shortcut="c"
            expanded={panel.value === "chat"}
            badge={unread}
            badgeText={unread > 0 ? words.call.unread(unread) : ""}
            onClick={() => toggle("chat")}
          />
          <IconButton
            icon={Users}
            label={words.call.people}
            shortcut="p"
            expanded={panel.value === "people"}
            caption={String(room.participants.length)}
            badge={meeting.lobby.length}
            badgeText={meeting.lobby.length > 0 ? words.lobby.waitingNow(meeting.lobby.length) : ""}
            onClick={() => toggle("people")}
          />
          <span class="bar-line" aria-hidden="true" />
          <IconButton icon={PhoneOff} label={words.call.leave} tone="danger" onClick={leave} />
        </div>
      </div>
      {panel.value === "chat" && <ChatPanel call={call} meeting={meeting} onClose={close} />}
      {panel.value === "people" && (
        <PeoplePanel call={call} meeting={meeting} onClose={close} onCopyLink={() => void copyLink()} />
      )}
      <Toasts />
    </div>
  );
}

function Notice({ call, meeting }: CallViewProps): JSX.Element {
  const told = useSettled(meeting.phase === "reconnecting" ? words.call.reconnecting : mediaNotice(meeting.media));
  return (
    <div class="notices" role="status">
      {told !== null && (
        <p class="notice">
          <span class="notice-mark" aria-hidden="true" />
          <span>{told}</span>
          {meeting.media === "rejected" && (
            <button type="button" class="link" onClick={() => call.retryMedia()}>
              {words.call.mediaAgain}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** A text once it stood for a moment: what is over at once is not worth moving the stage for. */
function useSettled(text: string | null): string | null {
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    if (text === null) {
      setSettled(null);
      return;
    }
    const timer = setTimeout(() => setSettled(text), NOTICE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return text === null ? null : settled;
}

function mediaNotice(link: MediaLink): string | null {
  switch (link) {
    case "connected":
      return null;
    case "connecting":
      return words.call.mediaConnecting;
    case "recovering":
      return words.call.mediaRecovering;
    case "unavailable":
      return words.call.mediaUnavailable;
    case "rejected":
      return words.call.mediaRejected;
  }
}

/** Messages of others since the chat was last seen. */
function useUnread({ room, you }: CallViewProps["meeting"], seeing: boolean): number {
  const newest = room.chat.at(-1)?.sequence ?? 0;
  const [seen, setSeen] = useState(newest);
  useEffect(() => {
    if (seeing) setSeen(newest);
  }, [seeing, newest]);
  if (seeing) return 0;
  return room.chat.filter((message) => message.sequence > seen && message.author !== you).length;
}

/** Says who came and who went, to eyes and ears alike. */
function useComings({ room, you }: CallViewProps["meeting"]): void {
  const before = useRef<ReadonlyMap<string, string> | null>(null);
  useEffect(() => {
    const now = new Map(room.participants.map(({ id, name }) => [id, name]));
    const old = before.current;
    before.current = now;
    if (old === null || now.size > 30) return;
    for (const [id, name] of now) if (!old.has(id) && id !== you) announce(words.call.joined(name));
    for (const [id, name] of old) if (!now.has(id) && id !== you) announce(words.call.left(name));
  }, [room.participants, you]);
}

/** WAI-ARIA toolbar pattern: arrows move between its buttons. */
function walkToolbar(event: JSX.TargetedKeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}
