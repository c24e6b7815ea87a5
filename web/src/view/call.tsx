/** In the meeting: the stage, one bar of controls, and one panel at a time. */
import { Link2, Lock, MessageSquare, PhoneOff, Users } from "lucide-preact";
import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { rightsOf } from "../call/rights";
import type { MediaLink } from "../call/state";
import { recipient } from "../call/view-choices";
import { titleOf, words } from "../text";
import { forward } from "./direction";
import { useAwake } from "./awake";
import { BackgroundNotice } from "./background";
import { Boundary } from "./boundary";
import { copy, IconButton, ThemeSwitch } from "./controls";
import { DeviceButtons, deviceActions } from "./device-controls";
import { FloatingButton } from "./floating";
import { useFocusBefore } from "./focus";
import { type CallViewProps, linkOf } from "./in-meeting";
import { later } from "./later";
import { Knock } from "./lobby";
import { useTitle } from "./page";
import { useNews, useUnseen } from "./news";
import { Panel } from "./panel";
import { PushToTalk } from "./push-to-talk";
import { RingingNotice } from "./ringing";
import { HandButton, ReactButton, Reactions, turnHand } from "./room-controls";
import { type Actions, KEYS, useShortcuts } from "./shortcuts";
import { layoutOpen, type PanelName, panel, sheetOpen } from "./shown";
import { Sound } from "./sound";
import { Stage } from "./stage";
import { DeviceNotice, LayoutButton, Settings, SettingsButton, ShareButton, SharingNotice, turnSharing } from "./stage-controls";
import { announce, Toasts } from "./toasts";

const NOTICE_AFTER_MS = 1_000;

const Chat = later(async () => (await import("./chat")).Chat);
const People = later(async () => (await import("./people")).People);
const Connection = later(async () => (await import("./connection-panel")).Connection);
const ShortcutSheet = later(async () => (await import("./shortcut-sheet")).ShortcutSheet, {
  onFailure: ({ onClose }, away) => {
    onClose();
    announce(away ? words.notLoaded.next : words.broken.again);
  },
});
/** After joining, when nothing is more urgent, in milliseconds. */
const FETCH_AFTER_MS = 3_000;

export function CallView({ call, meeting }: CallViewProps): JSX.Element {
  const { room } = meeting;
  useTitle(useUnseen(titleOf(room.room)));
  useNews(call, meeting, panel.value === "chat");
  useAwake();
  usePanelsSoon();
  const rights = rightsOf(meeting);
  const view = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusBefore(heading, view);
  const [reacting, setReacting] = useState(false);
  const stopReacting = useCallback(() => setReacting(false), []);
  const [sent, setSent] = useState(false);
  const [hidden, setHidden] = useState(0);
  const unread = useUnread(meeting, panel.value === "chat");

  const close = useCallback(() => {
    // Back to the button that opened the panel, for those who were in it.
    if (document.activeElement?.closest(".panel")) {
      const opener = document.querySelector<HTMLElement>(".bar .tip-host > [aria-expanded=true]");
      // Without a button of its own, it was opened from the settings.
      (opener ?? document.querySelector<HTMLElement>(`.bar [aria-label="${words.settings.title}"]`))?.focus();
    }
    panel.value = null;
  }, []);
  const toggle = (which: PanelName) => {
    if (panel.value === which) close();
    else panel.value = which;
  };
  const copyLink = async () => {
    const copied = await copy(linkOf(call));
    announce(copied ? words.call.copied : words.call.copyFailed);
  };
  const leave = () => {
    if (sent) return;
    setSent(true);
    call.leave();
  };

  useShortcuts({
    ...deviceActions(call, rights.unmute),
    share: () => void turnSharing(call, rights),
    hand: () => turnHand({ call, meeting }),
    react: () => (rights.react ? setReacting(!reacting) : announce(words.refused.react)),
    chat: () => toggle("chat"),
    people: () => toggle("people"),
    layout: () => {
      layoutOpen.value = !layoutOpen.value;
    },
    settings: () => toggle("settings"),
    connection: () => toggle("connection"),
    sheet: () => {
      sheetOpen.value = true;
    },
    close: () => {
      // It closes itself once it is there; one that is still on its way does not come any more.
      sheetOpen.value = false;
      return panel.value === null ? false : close();
    },
  } satisfies Actions);
  useLayoutEffect(() => {
    layoutOpen.value = false;
    sheetOpen.value = false;
  }, []);

  return (
    <div ref={view} class="call" data-panel={panel.value ?? undefined}>
      <header class="call-head">
        {room.room.locked && (
          <span class="locked" role="img" aria-label={words.hosting.locked} title={words.hosting.locked}>
            <Lock size={16} aria-hidden="true" />
          </span>
        )}
        <h1 ref={heading} tabIndex={-1}>
          <bdi>{titleOf(room.room)}</bdi>
        </h1>
        <div class="call-head-actions">
          {hidden > 0 && (
            <button type="button" class="more" onClick={() => toggle("people")}>
              {words.call.more(hidden)}
            </button>
          )}
          <FloatingButton call={call} />
          <IconButton icon={Link2} label={words.call.copyLink} onClick={() => void copyLink()} class="quiet" />
          <ThemeSwitch />
        </div>
      </header>
      <main class="call-main">
        <Notice call={call} meeting={meeting} />
        <SharingNotice call={call} />
        <DeviceNotice call={call} />
        <BackgroundNotice call={call} />
        <RingingNotice code={call.code} others={room.participants.length - 1} />
        <Boundary text={words.broken.stage} look="stage">
          <Stage call={call} meeting={meeting} onCopyLink={() => void copyLink()} onHidden={setHidden} />
        </Boundary>
      </main>
      <Knock
        call={call}
        waiting={meeting.lobby}
        listed={panel.value === "people"}
        onList={() => {
          panel.value = "people";
        }}
      />
      <footer class="call-bar">
        <Boundary text={words.broken.part}>
          <Sound call={call} />
        </Boundary>
        <PushToTalk call={call} mayUnmute={rights.unmute} />
        {reacting && rights.react && <Reactions call={call} onClose={stopReacting} />}
        <div class="bar" role="toolbar" aria-label={words.call.controls} onKeyDown={walkToolbar}>
          <DeviceButtons call={call} mayUnmute={rights.unmute} />
          <ShareButton call={call} meeting={meeting} />
          <HandButton call={call} meeting={meeting} />
          <ReactButton rights={rights} open={reacting && rights.react} onToggle={() => setReacting(!reacting)} />
          <span class="bar-line" aria-hidden="true" />
          <IconButton
            icon={MessageSquare}
            label={words.call.chat}
            shortcut={KEYS.chat}
            expanded={panel.value === "chat"}
            badge={unread}
            badgeText={unread > 0 ? words.call.unread(unread) : ""}
            onClick={() => toggle("chat")}
          />
          <IconButton
            icon={Users}
            class="people-toggle"
            label={words.call.people}
            shortcut={KEYS.people}
            expanded={panel.value === "people"}
            caption={String(room.participants.length)}
            badge={meeting.lobby.length}
            badgeText={meeting.lobby.length > 0 ? words.lobby.waitingNow(meeting.lobby.length) : ""}
            onClick={() => toggle("people")}
          />
          <LayoutButton />
          <SettingsButton open={panel.value === "settings"} onClick={() => toggle("settings")} />
          <span class="bar-line" aria-hidden="true" />
          <IconButton icon={PhoneOff} label={words.call.leave} tone="danger" onClick={leave} />
        </div>
      </footer>
      {panel.value === "chat" && (
        <Panel title={words.chat.title} onClose={close}>
          <Chat call={call} meeting={meeting} />
        </Panel>
      )}
      {panel.value === "people" && (
        <Panel title={words.people.title} onClose={close}>
          <People
            call={call}
            meeting={meeting}
            onCopyLink={() => void copyLink()}
            onMessage={(participant) => {
              recipient.value = participant;
              panel.value = "chat";
            }}
          />
        </Panel>
      )}
      {panel.value === "settings" && (
        <Panel title={words.settings.title} onClose={close}>
          <Settings call={call} />
        </Panel>
      )}
      {panel.value === "connection" && (
        <Panel title={words.connection.title} onClose={close}>
          <Connection call={call} meeting={meeting} />
        </Panel>
      )}
      {sheetOpen.value && (
        <ShortcutSheet
          onClose={() => {
            sheetOpen.value = false;
          }}
        />
      )}
      <Toasts />
    </div>
  );
}

function Notice({ call, meeting }: CallViewProps): JSX.Element {
  const told = useSettled(notice(call, meeting));
  return (
    <div class="notices" role="status">
      {told !== null && (
        <p class="notice">
          <span class="notice-mark" aria-hidden="true" />
          <span>{told}</span>
          {meeting.phase === "live" && panel.value !== "connection" && (
            <button
              type="button"
              class="link"
              onClick={() => {
                panel.value = "connection";
              }}
            >
              {words.connection.title}
            </button>
          )}
          {meeting.media === "rejected" && (
            <button type="button" class="link" onClick={() => call.media.again()}>
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

/** The one thing that is to be told of the connections, most important first. */
function notice(call: CallViewProps["call"], { phase, media, rejoin }: CallViewProps["meeting"] & { rejoin?: boolean }): string | null {
  const isAway = phase === "reconnecting";
  if (!isAway) return media !== "connected" && call.offline.value ? words.call.offline : mediaNotice(media);
  if (call.offline.value) return words.call.offline;
  if (call.waking.value) return words.call.woke;
  return media === "connected" && !rejoin ? words.call.roomAway : words.call.reconnecting;
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

/** Loads the panels before they are opened: on a slow network, opening one waits for nothing then. */
function usePanelsSoon(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      Chat.fetch();
      People.fetch();
    }, FETCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** WAI-ARIA toolbar pattern: arrows move between its buttons. */
function walkToolbar(event: JSX.TargetedKeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowRight: forward(), ArrowLeft: -forward() }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}
