/** Something that is on or off, at once. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";

interface SwitchProps {
  label: string;
  /** One line that explains it. */
  note?: string;
  checked: boolean;
  disabled?: boolean;
  onChange(on: boolean): void;
}

export function Switch({ label, note, checked, disabled = false, onChange }: SwitchProps): JSX.Element {
  const id = useId();
  return (
    <div class="switch">
      <label for={id}>{label}</label>
      <input
        type="checkbox"
        role="switch"
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {note !== undefined && (
        <span id={`${id}-note`} class="note">
          {note}
        </span>
      )}
    </div>
  );
}
