/** The call in a small window above all others: who leads, and the controls one reaches for. */
import { effect } from "@preact/signals";
import { PhoneOff } from "lucide-preact";
import { type JSX, render } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../call/effects";
import { floatingWishes, leading, type Shown } from "../call/floating";
import { place, type Size, tilesOf } from "../call/layout";
import { rightsOf } from "../call/rights";
import { inMeeting, type Live, type Reconnecting } from "../call/state";
import { pinned } from "../call/view-choices";
import { trackKey } from "../media/slots";
import type { Wish } from "../protocol";
import { words } from "../text";
import { IconButton } from "./controls";
import { DeviceButtons, deviceActions } from "./device-controls";
import type { Floating } from "./floating";
import { ScreenTile } from "./screen-tile";
import { useShortcuts } from "./shortcuts";
import { ParticipantTile } from "./tile";

/** What the window asks for at first, CSS px. */
const SIZE: Size = { width: 360, height: 280 };

interface WindowGlobals {
  documentPictureInPicture?: { requestWindow(size: Size): Promise<Window> };
}

/** To be called right after a click. `closed` is told once it is gone, whoever closed it. Rejects when refused. */
export async function openFloating(call: Call, closed: () => void): Promise<Floating> {
  const windows = (globalThis as WindowGlobals).documentPictureInPicture;
  return windows ? openWindow(call, await windows.requestWindow(SIZE), closed) : openVideo(call, closed);
}

function openWindow(call: Call, opened: Window, closed: () => void): Floating {
  const { document: page } = opened;
  const { documentElement: root } = document;
  page.title = document.title;
  page.documentElement.lang = root.lang;
  page.documentElement.dir = root.dir;
  page.documentElement.dataset.theme = root.dataset.theme ?? "dark";
  for (const style of document.querySelectorAll("link[rel=stylesheet], style")) page.head.append(style.cloneNode(true));
  render(<FloatingCall call={call} window={opened} />, page.body);
  opened.addEventListener("pagehide", () => {
    render(null, page.body);
    floatingWishes.value = [];
    closed();
  });
  return { close: () => opened.close() };
}

function FloatingCall({ call, window: opened }: { call: Call; window: Window }): JSX.Element | null {
  const meeting = inMeeting(call.state.value);
  const stage = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const measure = () => {
      const { clientWidth: width = 0, clientHeight: height = 0 } = stage.current ?? {};
      setSize({ width, height });
    };
    measure();
    // The style sheets come a moment later.
    const sheets = opened.document.querySelectorAll("link");
    for (const sheet of sheets) sheet.addEventListener("load", measure);
    opened.addEventListener("resize", measure);
    return () => {
      for (const sheet of sheets) sheet.removeEventListener("load", measure);
      opened.removeEventListener("resize", measure);
    };
  }, [opened]);

  const shown = meeting ? leadingIn(call, meeting) : [];
  const names = shown.map(nameOf);
  const { layout } = place({
    screens: names.filter((_, at) => shown[at]?.source === "screen"),
    others: names.filter((_, at) => shown[at]?.source === "camera"),
    self: null,
    before: names,
    recent: [],
    focus: null,
    mode: "grid",
    selfView: "hidden",
    stage: size,
    page: 0,
  });
  const tiles = tilesOf(layout);
  const wishes = tiles.flatMap(({ id, height }): Wish[] => {
    const one = shown.find((each) => nameOf(each) === id);
    if (!one || one.participant === meeting?.you) return [];
    const pixels = Math.round(height * opened.devicePixelRatio);
    return [{ ...one, height: Math.min(65_535, Math.max(1, pixels)), priority: 2 }];
  });
  const wanted = JSON.stringify(wishes);
  useEffect(() => {
    floatingWishes.value = JSON.parse(wanted) as Wish[];
  }, [wanted]);
  const unmute = meeting !== null && rightsOf(meeting).unmute;
  useShortcuts(deviceActions(call, unmute), opened);

  if (!meeting) return null;
  return (
    <main class="small-window">
      <div ref={stage} class="floating-stage">
        {tiles.map((tile) => {
          const one = shown.find((each) => nameOf(each) === tile.id);
          const person = meeting.room.participants.find(({ id }) => id === one?.participant);
          if (!one || !person) return null;
          const self = person.id === meeting.you;
          const track = self
            ? call.background.track.value
            : (call.media.tracks.value.get(trackKey(person.id, one.source)) ?? null);
          const paused = call.media.paused.value.get(trackKey(person.id, one.source)) ?? null;
          if (one.source === "screen") {
            return <ScreenTile key={tile.id} tile={tile} person={person} track={track} paused={paused} reach={null} />;
          }
          return (
            <ParticipantTile
              key={tile.id}
              tile={tile}
              person={self ? { ...person, camera: call.cameraOn.value, microphone: call.capture.microphoneOn.value } : person}
              self={self}
              inset={false}
              speaking={meeting.speakers.includes(person.id)}
              track={track}
              paused={paused}
              network={call.media.networks.value.get(person.id) ?? null}
              chosen={null}
              reach={null}
            />
          );
        })}
      </div>
      <div class="bar" role="toolbar" aria-label={words.call.controls}>
        <DeviceButtons call={call} mayUnmute={unmute} />
        <IconButton icon={PhoneOff} label={words.call.leave} tone="danger" onClick={() => call.leave()} />
      </div>
    </main>
  );
}

function leadingIn(call: Call, { room, you }: Live | Reconnecting): readonly Shown[] {
  return leading({
    you,
    others: room.participants.filter(({ id }) => id !== you),
    recent: call.media.recent.value,
    pinned: pinned.value,
    spotlight: room.room.spotlight ?? null,
  });
}

function nameOf({ participant, source }: Shown): string {
  return `${participant}/${source}`;
}

/** The browser's own window, with the leading picture alone. */
async function openVideo(call: Call, closed: () => void): Promise<Floating> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  const dispose = effect(() => {
    const meeting = inMeeting(call.state.value);
    const candidates = meeting ? leadingIn(call, meeting) : [];
    const tracks = candidates.map(({ participant, source }) =>
      participant === meeting?.you ? call.background.track.value : call.media.tracks.value.get(trackKey(participant, source)),
    );
    const track = tracks.find((one) => one) ?? call.background.track.value;
    floatingWishes.value = candidates
      .filter(({ participant }) => participant !== meeting?.you)
      .map((one) => ({ ...one, height: SIZE.height, priority: 2 }));
    const [before] = (video.srcObject as MediaStream | null)?.getTracks() ?? [];
    if (track && track !== before) video.srcObject = new MediaStream([track]);
    video.play().catch(() => undefined);
  });
  const end = () => {
    dispose();
    floatingWishes.value = [];
    video.srcObject = null;
    closed();
  };
  video.addEventListener("leavepictureinpicture", end);
  try {
    if (video.readyState < HTMLMediaElement.HAVE_METADATA) {
      await new Promise((resolve, reject) => {
        video.addEventListener("loadedmetadata", resolve, { once: true });
        // Nobody's camera is on.
        setTimeout(reject, METADATA_WITHIN_MS);
      });
    }
    await video.requestPictureInPicture();
  } catch (error) {
    end();
    throw error;
  }
  return {
    close: () => void document.exitPictureInPicture().catch(() => undefined),
  };
}

/** A click lets a page open such a window for about this long, in milliseconds. */
const METADATA_WITHIN_MS = 3_000;
