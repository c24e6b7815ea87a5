/** Small controls that every page uses: buttons with tooltips, fields, the theme switch. */
import { type LucideIcon, Moon, Sun } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { words } from "../text";
import { switchTheme, theme } from "../theme";
import { announce } from "./toasts";

interface IconButtonProps {
  icon: LucideIcon;
  /** Accessible name and tooltip. */
  label: string;
  /** A single letter that does the same. */
  shortcut?: string;
  /** Look; `off` marks a device that is off, `on` something that others see of this person now. */
  tone?: "plain" | "off" | "on" | "danger";
  pressed?: boolean;
  expanded?: boolean;
  busy?: boolean;
  /** A number beside the icon; its meaning is `badgeText`. */
  badge?: number;
  badgeText?: string;
  /** Why it does nothing now; pressing it says so. */
  refusal?: string | null;
  /** Shown beside the icon where there is room. */
  caption?: string;
  class?: string;
  onClick(): void;
}

export function IconButton(props: IconButtonProps): JSX.Element {
  const { icon: Icon, label, shortcut, tone = "plain", badge = 0, badgeText, refusal = null } = props;
  const described = useId();
  const notes = [badgeText, refusal].filter(Boolean).join(". ");
  return (
    <span class="tip-host">
      <button
        type="button"
        class={`icon-button tone-${tone} ${props.class ?? ""}`}
        aria-label={label}
        aria-describedby={notes === "" ? undefined : described}
        aria-disabled={refusal !== null || undefined}
        aria-keyshortcuts={shortcut}
        aria-pressed={props.pressed}
        aria-expanded={props.expanded}
        aria-busy={props.busy || undefined}
        onClick={() => (refusal === null ? props.onClick() : announce(refusal))}
      >
        <Icon size={20} aria-hidden="true" />
        {/* Drawn by the style: what is text in a button has to be in its name (WCAG 2.5.3). */}
        {props.caption !== undefined && <span class="drawn" aria-hidden="true" data-text={props.caption} />}
        {badge > 0 && <span class="badge drawn" aria-hidden="true" data-text={badge > 99 ? "99+" : String(badge)} />}
      </button>
      {notes !== "" && (
        <span id={described} hidden>
          {notes}
        </span>
      )}
      <span class={refusal === null ? "tip" : "tip long"} aria-hidden="true">
        {refusal ?? label}
        {shortcut !== undefined && <kbd>{shortcut.toUpperCase()}</kbd>}
      </span>
    </span>
  );
}

interface FieldProps {
  label: string;
  hint?: string;
  error?: string | null;
  /** Receives the ids to put on the input. */
  children(ids: { id: string; describedBy: string | undefined; invalid: boolean }): ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps): JSX.Element {
  const id = useId();
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
        {hint && (
          <span id={`${id}-hint`} class="note">
            {hint}
          </span>
        )}
      </div>
      {children({ id, describedBy: notes || undefined, invalid: Boolean(error) })}
      {error && (
        <p id={`${id}-error`} class="note text-danger" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export function ThemeSwitch(): JSX.Element {
  const Icon = theme.value === "dark" ? Sun : Moon;
  return <IconButton icon={Icon} label={words.theme} onClick={switchTheme} class="quiet" />;
}

export function Wordmark(): JSX.Element {
  return (
    <a href="/" class="wordmark">
      <Globe />
      <span>{words.brand}</span>
    </a>
  );
}

function Globe(): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="9.25" />
      <ellipse cx="12" cy="12" rx="4.1" ry="9.25" />
      <path d="M12 2.75v18.5" class="text-accent-strong" stroke-width="2.25" />
    </svg>
  );
}

/** Copies and says so; false when the browser refuses. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
