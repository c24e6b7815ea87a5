/** Which camera, microphone or loudspeaker is in use, before and in the meeting. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Call } from "../call/effects";
import type { InputKind } from "../media/capture";
import { canRoute } from "../media/chime";
import { words } from "../text";

export function DeviceSelect(props: { call: Call; kind: InputKind | "speaker"; label: string }): JSX.Element {
  const { call, kind, label } = props;
  const id = useId();
  const { capture } = call;
  const present = capture.of(kind);
  // Without permission a browser says that there are devices, and not which.
  const known = present.filter((device) => device.deviceId !== "");
  const inUse = kind === "speaker" ? undefined : capture[kind].value.track?.getSettings().deviceId;
  const chosen = capture.chosen.value[kind];
  const value = known.some((device) => device.deviceId === chosen) ? chosen : (inUse ?? "");
  const fixed = kind === "speaker" && !canRoute;
  const fallback = kind === "speaker" || present.length > 0 ? words.preview.systemDefault : words.preview.none;
  return (
    <div class="field device">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={fixed || known.length === 0}
        onChange={(event) => void capture.choose(kind, event.currentTarget.value)}
      >
        {(known.length === 0 || value === "" || fixed) && <option value="">{fallback}</option>}
        {!fixed &&
          known.map((device, place) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label || `${label} ${place + 1}`}
            </option>
          ))}
      </select>
    </div>
  );
}
