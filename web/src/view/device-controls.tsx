/** Microphone and camera, on and off: the same two buttons before and in the meeting. */
import { Mic, MicOff, Video, VideoOff } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Call } from "../call/effects";
import type { Capture } from "../media/capture";
import { words } from "../text";
import { IconButton } from "./controls";
import { type Actions, KEYS } from "./shortcuts";
import { announce } from "./toasts";

/** Long enough to read what is in use instead of a device that went away. */
const FALLBACK_TOLD_MS = 8_000;

interface DeviceProps {
  call: Call;
  /** Whether the meeting lets the person turn their own microphone on. */
  mayUnmute?: boolean;
}

export function DeviceButtons({ call, mayUnmute = true }: DeviceProps): JSX.Element {
  const { microphone, camera } = call.capture;
  const mic = microphone.value;
  const cam = camera.value;
  // While a device starts, its button shows what the person chose.
  const micOn = mic.wanted && mic.problem === null;
  const camOn = cam.wanted && cam.problem === null;
  return (
    <>
      <IconButton
        icon={micOn ? Mic : MicOff}
        label={micOn ? words.devices.mute : words.devices.unmute}
        shortcut={KEYS.microphone}
        tone={micOn ? "plain" : "off"}
        busy={mic.starting}
        refusal={micOn || mayUnmute ? null : words.refused.unmute}
        onClick={() => call.turn("microphone", !micOn)}
      />
      <IconButton
        icon={camOn ? Video : VideoOff}
        label={camOn ? words.devices.cameraOff : words.devices.cameraOn}
        shortcut={KEYS.camera}
        tone={camOn ? "plain" : "off"}
        busy={cam.starting}
        onClick={() => call.turn("camera", !camOn)}
      />
    </>
  );
}

/** What the devices' keys do. */
export function deviceActions(call: Call, mayUnmute = true): Pick<Actions, "microphone" | "camera"> {
  const turn = (kind: "microphone" | "camera") => {
    const { wanted, problem } = call.capture[kind].value;
    const on = wanted && problem === null;
    if (kind === "microphone" && !on && !mayUnmute) announce(words.refused.unmute);
    else call.turn(kind, !on);
  };
  return { microphone: () => turn("microphone"), camera: () => turn("camera") };
}

/** For a while, what is in use instead of a device that went away by itself. */
export function useFallback(capture: Capture): string | null {
  const fallback = capture.fallback.value;
  const [told, setTold] = useState(fallback);
  useEffect(() => {
    if (fallback === told) return undefined;
    const timer = setTimeout(() => setTold(fallback), FALLBACK_TOLD_MS);
    return () => clearTimeout(timer);
  }, [fallback, told]);
  if (fallback === told || fallback === null) return null;
  // Where nothing is left, what failed is said instead.
  return fallback.kind === "speaker" || fallback.to !== "" ? words.fallback[fallback.kind](fallback.to) : null;
}
