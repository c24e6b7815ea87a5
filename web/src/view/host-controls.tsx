/** What hosts decide for everybody: silence, the door, and what people may do. */
import { signal } from "@preact/signals";
import { Lock, LockOpen, type LucideIcon, MicOff, MonitorX, VideoOff } from "lucide-preact";
import type { JSX } from "preact";
import type { Permissions, Source } from "../protocol";
import { words } from "../text";
import type { CallViewProps } from "./in-meeting";
import { Switch } from "./switch";
import { announce } from "./toasts";

const PERMISSIONS = ["share", "chat", "react", "unmute"] as const satisfies readonly (keyof Permissions)[];

/** What a host stops for everybody else at once. */
const EVERYONES = [
  { source: "microphone", icon: MicOff },
  { source: "camera", icon: VideoOff },
  { source: "screen", icon: MonitorX },
] as const satisfies readonly { source: Source; icon: LucideIcon }[];

/** Folded away or not, for as long as the page lives. */
const open = signal(true);

export function HostControls({ call, meeting }: CallViewProps): JSX.Element {
  const { locked, kind, waiting_room, permissions } = meeting.room.room;
  const { hosting } = words;
  const always = kind === "private";
  // The hosts' own screens go on.
  const isShared = meeting.room.participants.some(({ screen, role }) => screen && role === "participant");
  return (
    <details
      class="hosting"
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{hosting.heading}</summary>
      <div class="hosting-buttons">
        {EVERYONES.filter(({ source }) => source !== "screen" || isShared).map(({ source, icon: Icon }) => (
          <button
            key={source}
            type="button"
            class="button"
            onClick={() => {
              if (call.ask({ type: "stop", source })) announce(hosting.everyone[source].stopped);
            }}
          >
            <Icon size={18} aria-hidden="true" />
            {hosting.everyone[source].stop}
          </button>
        ))}
        <button type="button" class="button" onClick={() => call.ask({ type: "lock", locked: !locked })}>
          {locked ? <LockOpen size={18} aria-hidden="true" /> : <Lock size={18} aria-hidden="true" />}
          {locked ? hosting.unlock : hosting.lock}
        </button>
      </div>
      <Switch
        label={hosting.waitingRoom}
        note={always ? hosting.waitingRoomAlways : hosting.waitingRoomMeans}
        checked={always || waiting_room}
        disabled={always}
        onChange={(on) => call.ask({ type: "waiting_room", on })}
      />
      {PERMISSIONS.map((permission) => (
        <Switch
          key={permission}
          label={hosting[permission]}
          checked={permissions[permission]}
          onChange={(on) => call.ask({ type: "permit", permissions: { ...permissions, [permission]: on } })}
        />
      ))}
    </details>
  );
}
