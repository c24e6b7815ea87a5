/** Everybody's voice: one audio element for each audio slot, for as long as the slot lives. */
import { Volume2 } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../call/effects";
import { routeTo } from "../media/chime";
import { words } from "../text";

export function Sound({ call }: { call: Call }): JSX.Element {
  const [blocked, setBlocked] = useState(false);
  const holder = useRef<HTMLDivElement>(null);

  const playAll = async () => {
    const elements = [...(holder.current?.querySelectorAll("audio") ?? [])];
    try {
      await Promise.all(elements.map((audio) => audio.play()));
      setBlocked(false);
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError") setBlocked(true);
    }
  };

  return (
    <>
      <div ref={holder} hidden>
        {call.media.sounds.value.map((track) => (
          <Voice
            key={track.id}
            track={track}
            speaker={call.capture.speaker.value}
            onBlocked={() => setBlocked(true)}
          />
        ))}
      </div>
      {blocked && (
        <div class="sound-blocked" role="alert">
          <span>{words.call.soundWhy}</span>
          <button type="button" class="button primary" onClick={() => void playAll()}>
            <Volume2 size={18} aria-hidden="true" />
            {words.call.sound}
          </button>
        </div>
      )}
    </>
  );
}

function Voice(props: { track: MediaStreamTrack; speaker: string; onBlocked(): void }): JSX.Element {
  const { track, speaker, onBlocked } = props;
  const element = useRef<HTMLAudioElement>(null);
  const blocked = useRef(onBlocked);
  blocked.current = onBlocked;

  useLayoutEffect(() => {
    const audio = element.current;
    if (!audio) return;
    audio.srcObject = new MediaStream([track]);
    audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") blocked.current();
    });
    return () => {
      audio.srcObject = null;
    };
  }, [track]);

  useEffect(() => {
    if (element.current) void routeTo(element.current, speaker);
  }, [speaker]);

  return <audio ref={element} autoplay />;
}
