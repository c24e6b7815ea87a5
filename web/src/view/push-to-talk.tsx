/** Holding the space bar unmutes; letting go, or looking elsewhere, mutes again. */
import { Mic } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../call/effects";
import { pushToTalk } from "../call/preferences";
import { words } from "../text";
import { isTyping, KEYS, withModifier } from "./shortcuts";
import { announce } from "./toasts";

/** Controls that the space bar works itself, when they were reached by keyboard. */
const CONTROLS = "button, a, summary, audio, video, [role=menuitem], [tabindex]:not([tabindex='-1'])";

interface PushToTalkProps {
  call: Call;
  mayUnmute: boolean;
}

/** Says what the key does while it is held, and that it is over. */
export function PushToTalk({ call, mayUnmute }: PushToTalkProps): JSX.Element {
  const [told, setTold] = useState<"talking" | "over" | null>(null);
  const may = useRef(mayUnmute);
  may.current = mayUnmute;
  const wanted = call.capture.microphone.value.wanted;
  const release = useRef<() => void>(() => undefined);

  useEffect(() => {
    let held = false;
    // A key that is held was pressed to talk also where it would have clicked: a button that a mouse focused.
    let byPointer = false;

    const press = (event: KeyboardEvent) => {
      if (event.code !== KEYS.talk) {
        byPointer = false;
        return;
      }
      if (held) {
        event.preventDefault();
        return;
      }
      if (event.defaultPrevented || event.repeat || event.isComposing || withModifier(event)) return;
      if (!pushToTalk.value || call.capture.microphone.value.wanted || isTyping(event.target)) return;
      const control = event.target instanceof Element && event.target.matches(CONTROLS);
      if (control && !byPointer) return;
      event.preventDefault();
      if (!may.current) {
        announce(words.refused.unmute);
        return;
      }
      held = true;
      call.turn("microphone", true);
      setTold("talking");
    };
    const over = () => {
      if (!held) return;
      held = false;
      if (call.capture.microphone.value.wanted) call.turn("microphone", false);
      setTold("over");
    };
    const lift = (event: KeyboardEvent) => {
      if (event.code !== KEYS.talk || !held) return;
      // In time: this is what would click a focused button.
      event.preventDefault();
      over();
    };
    const hide = () => document.visibilityState === "hidden" && over();
    const point = () => {
      byPointer = true;
    };
    release.current = over;
    addEventListener("keydown", press);
    addEventListener("keyup", lift, true);
    addEventListener("blur", over);
    addEventListener("pagehide", over);
    addEventListener("pointerdown", point, true);
    document.addEventListener("visibilitychange", hide);
    return () => {
      over();
      removeEventListener("keydown", press);
      removeEventListener("keyup", lift, true);
      removeEventListener("blur", over);
      removeEventListener("pagehide", over);
      removeEventListener("pointerdown", point, true);
      document.removeEventListener("visibilitychange", hide);
    };
  }, [call]);

  // Muted by a host, or by the button, in the middle of it.
  useEffect(() => {
    if (!wanted && told === "talking") release.current();
  }, [wanted, told]);

  return (
    <div class="talking" role="status">
      {told === "talking" && (
        <p class="notice">
          <Mic size={16} aria-hidden="true" />
          <span>{words.talking.now}</span>
        </p>
      )}
      {told === "over" && <span class="sr-only">{words.talking.over}</span>}
    </div>
  );
}
