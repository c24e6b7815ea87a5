/** The button that puts the call into a small window above all others, where the browser has such windows. */
import { PictureInPicture2 } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../call/effects";
import { words } from "../text";
import { IconButton } from "./controls";
import { announce } from "./toasts";

export interface Floating {
  close(): void;
}

/** Document Picture-in-Picture (WICG), else the browser's own window for one video (W3C picture-in-picture). */
const canFloat =
  "documentPictureInPicture" in globalThis ||
  (document.pictureInPictureEnabled === true && "requestPictureInPicture" in HTMLVideoElement.prototype);

const fetchWindow = () => import("./floating-window");

export function FloatingButton({ call }: { call: Call }): JSX.Element | null {
  const [floating, setFloating] = useState<Floating | null>(null);
  const open = useRef<Floating | null>(null);
  const opening = useRef(false);
  open.current = floating;
  // The call's end is the window's.
  useEffect(() => () => open.current?.close(), []);
  useFetchedSoon();
  if (!canFloat) return null;

  const toggle = async () => {
    if (floating) {
      floating.close();
      return;
    }
    if (opening.current) return;
    opening.current = true;
    try {
      const { openFloating } = await fetchWindow();
      setFloating(await openFloating(call, () => setFloating(null)));
    } catch {
      announce(words.floating.failed);
    } finally {
      opening.current = false;
    }
  };
  return (
    <IconButton
      icon={PictureInPicture2}
      label={floating ? words.floating.close : words.floating.open}
      pressed={floating !== null}
      class="quiet"
      onClick={() => void toggle()}
    />
  );
}

/** After joining, when nothing is more urgent, in milliseconds: a browser opens such a window right after a click alone. */
const FETCH_AFTER_MS = 3_000;

function useFetchedSoon(): void {
  useEffect(() => {
    if (!canFloat) return undefined;
    const timer = setTimeout(() => void fetchWindow().catch(() => undefined), FETCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}
