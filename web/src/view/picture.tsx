/** A video track on screen. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

interface PictureProps {
  track: MediaStreamTrack;
  mirrored?: boolean;
  label?: string;
  /** Called when there is a picture to see, and when there is none any more. */
  onShow?(shown: boolean): void;
}

export function Picture({ track, mirrored = false, label, onShow }: PictureProps): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);

  useLayoutEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = new MediaStream([track]);
    // Muted video may always play; a browser that saves power may refuse until it is seen.
    element.play().catch(() => undefined);
    return () => {
      element.srcObject = null;
    };
  }, [track]);

  useEffect(() => {
    const element = video.current;
    if (!element || !onShow) return;
    const look = () => onShow(element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && element.videoWidth > 0);
    const events = ["loadeddata", "resize", "playing", "emptied"] as const;
    for (const event of events) element.addEventListener(event, look);
    look();
    return () => {
      for (const event of events) element.removeEventListener(event, look);
    };
  }, [track, onShow]);

  return (
    <video
      ref={video}
      class={mirrored ? "picture mirrored" : "picture"}
      aria-label={label}
      aria-hidden={label === undefined || undefined}
      autoplay
      playsInline
      muted
      disablePictureInPicture
    />
  );
}
