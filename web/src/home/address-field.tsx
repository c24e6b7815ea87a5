/** Addresses as removable pieces: typed one by one, or pasted as a list. */
import { CircleAlert, X } from "lucide-preact";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { words } from "../text";
import { Field } from "../view/controls";
import { isAddress, readAddresses } from "./addresses";

export interface Addresses {
  /** Taken in, in the order given; also those that are no address, so that they can be mended. */
  chips: readonly string[];
  /** Still being typed. */
  text: string;
}

export const none: Addresses = { chips: [], text: "" };

/** Everything taken in, with what is still being typed. */
export function settled({ chips, text }: Addresses): Addresses {
  const { addresses, bad } = readAddresses(text);
  return { chips: [...new Set([...chips, ...addresses, ...bad])], text: "" };
}

interface AddressFieldProps {
  label: string;
  hint?: string;
  value: Addresses;
  error: string | null;
  onChange(value: Addresses): void;
}

export function AddressField({ label, hint, value, error, onChange }: AddressFieldProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  // What is typed last stays as it is when the field is left: a form that grows under the pointer
  // swallows the click on its button.
  const typed = (text: string) => {
    // A space ends an address, and not the first word of "Ada Lovelace <ada@example.org>".
    const ends = /[,;\n\t]/.test(text) || (/\s$/.test(text) && isAddress(text));
    onChange(ends ? settled({ ...value, text }) : { ...value, text });
  };
  const paste = (event: JSX.TargetedClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (readAddresses(text).addresses.length === 0) return;
    event.preventDefault();
    onChange(settled({ ...value, text: `${value.text} ${text}`.trim() }));
  };
  const key = (event: JSX.TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter" && value.text.trim() !== "") {
      event.preventDefault();
      onChange(settled(value));
    } else if (event.key === "Backspace" && value.text === "" && value.chips.length > 0) {
      onChange({ ...value, chips: value.chips.slice(0, -1) });
    }
  };
  const remove = (chip: string) => {
    onChange({ ...value, chips: value.chips.filter((one) => one !== chip) });
    input.current?.focus();
  };

  return (
    <Field label={label} error={error} {...(hint !== undefined && { hint })}>
      {({ id, describedBy, invalid }) => (
        <div class="addresses" aria-invalid={invalid} onClick={() => input.current?.focus()}>
          {value.chips.length > 0 && (
            <ul aria-label={words.schedule.chips}>
              {value.chips.map((chip) => (
                <li key={chip} class={isAddress(chip) ? "chip" : "chip bad"}>
                  {!isAddress(chip) && <CircleAlert size={14} aria-hidden="true" />}
                  <span>{chip}</span>
                  <button
                    type="button"
                    aria-label={words.schedule.removeChip(chip)}
                    onClick={(event) => {
                      event.stopPropagation();
                      remove(chip);
                    }}
                  >
                    <X size={14} aria-hidden="true" />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <input
            ref={input}
            id={id}
            type="text"
            inputMode="email"
            autoComplete="off"
            autoCapitalize="none"
            spellcheck={false}
            placeholder={value.chips.length === 0 ? words.schedule.invitePlaceholder : undefined}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            value={value.text}
            onInput={(event) => typed(event.currentTarget.value)}
            onPaste={paste}
            onKeyDown={key}
          />
        </div>
      )}
    </Field>
  );
}
