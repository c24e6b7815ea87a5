/** Toolbar buttons about what is seen: sharing one's screen, the layout, the settings. */
import { LayoutGrid, MonitorUp, MonitorX, Settings2 } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Call } from "../call/effects";
import { type Rights, rightsOf } from "../call/rights";
import { canShare } from "../media/screen";
import { words } from "../text";
import { IconButton } from "./controls";
import { useFallback } from "./device-controls";
import type { CallViewProps } from "./in-meeting";
import { later } from "./later";
import { KEYS } from "./shortcuts";
import { layoutOpen } from "./shown";
import { announce } from "./toasts";

const LayoutChoices = later(async () => (await import("./layout-choices")).LayoutChoices);

export const Settings = later(async () => (await import("./settings")).Settings);

export function ShareButton({ call, meeting }: CallViewProps): JSX.Element | null {
  if (!canShare) return null;
  const { picture, asking } = call.screen.shared.value;
  const refused = picture === null && !rightsOf(meeting).share;
  return (
    <IconButton
      icon={picture ? MonitorX : MonitorUp}
      label={picture ? words.sharing.stop : words.sharing.share}
      shortcut={KEYS.share}
      tone={picture ? "on" : "plain"}
      busy={asking}
      refusal={refused ? words.refused.share : null}
      onClick={() => void turnSharing(call, rightsOf(meeting))}
    />
  );
}

export async function turnSharing({ screen }: Call, { share }: Rights): Promise<void> {
  if (screen.shared.value.picture) {
    screen.stop();
    return;
  }
  if (!canShare || !share) {
    announce(canShare ? words.refused.share : words.sharing.missing);
    return;
  }
  const problem = await screen.start();
  if (problem !== null) announce(words.sharing.problems[problem]);
}

export function LayoutButton(): JSX.Element {
  const open = layoutOpen.value;
  const setOpen = (on: boolean) => {
    layoutOpen.value = on;
  };
  const host = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent) => {
      if (!host.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);

  const press = (event: KeyboardEvent) => {
    // The arrows are the choices' own there, not the toolbar's.
    if ((event.target as Element).closest(".popover")) event.stopPropagation();
    if (!open || event.key !== "Escape") return;
    setOpen(false);
    host.current?.querySelector("button")?.focus();
    event.preventDefault();
  };

  return (
    <div
      ref={host}
      class="popover-host"
      onKeyDown={press}
      onFocusOut={({ relatedTarget }) => {
        // Whoever goes on by Tab leaves it behind.
        if (relatedTarget instanceof Node && !host.current?.contains(relatedTarget)) setOpen(false);
      }}
    >
      <IconButton
        icon={LayoutGrid}
        label={words.layout.title}
        shortcut={KEYS.layout}
        expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <div class="popover" role="dialog" aria-label={words.layout.title}>
          <LayoutChoices />
        </div>
      )}
    </div>
  );
}

export function SettingsButton(props: { open: boolean; onClick(): void }): JSX.Element {
  return (
    <IconButton
      icon={Settings2}
      label={words.settings.title}
      shortcut={KEYS.settings}
      expanded={props.open}
      onClick={props.onClick}
    />
  );
}

/** Says that others see the screen, where those who share look. */
export function SharingNotice({ call }: { call: Call }): JSX.Element {
  const { picture, sound } = call.screen.shared.value;
  return (
    <div class="notices" role="status">
      {picture && (
        <p class="notice">
          <MonitorUp size={16} aria-hidden="true" />
          <span>{sound ? words.sharing.withSound : words.sharing.now}</span>
        </p>
      )}
    </div>
  );
}

/** Says which device failed or went away during the call, and offers a way on. */
export function DeviceNotice({ call }: { call: Call }): JSX.Element {
  const { capture } = call;
  const gone = useFallback(capture);
  // What failed before the call was said then.
  const known = useRef({ microphone: capture.microphone.value.problem, camera: capture.camera.value.problem });
  const failed = (["microphone", "camera"] as const).find((kind) => {
    const { wanted, problem } = capture[kind].value;
    if (problem === null) known.current[kind] = null;
    return wanted && problem !== null && problem !== known.current[kind];
  });
  const problem = failed && capture[failed].value.problem;

  return (
    <div class="notices" role="status">
      {failed && problem ? (
        <p class="notice">
          <span>{words.trouble[failed][problem]}</span>
          <button type="button" class="link" onClick={() => void capture.retry(failed)}>
            {words.trouble.again}
          </button>
          <button type="button" class="link" onClick={() => call.turn(failed, false)}>
            {words.trouble.without}
          </button>
        </p>
      ) : (
        gone !== null && (
          <p class="notice">
            <span>{gone}</span>
          </p>
        )
      )}
    </div>
  );
}
