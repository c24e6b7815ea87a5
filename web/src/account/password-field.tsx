/** A password that can be looked at while it is typed; a new one with a hint how good it is. */
import { Eye, EyeOff } from "lucide-preact";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { PASSWORD_CHARS } from "../protocol";
import { words } from "../text";
import { Field } from "../view/controls";
import type { Form } from "./form";
import { strength } from "./password";

interface PasswordFieldProps<Name extends string> {
  form: Form<Name>;
  name: Name;
  /** A new one is being chosen. */
  fresh?: boolean;
}

export function PasswordField<Name extends string>(props: PasswordFieldProps<Name>): JSX.Element {
  const { form, name, fresh = false } = props;
  const [shown, setShown] = useState(false);
  const [typed, setTyped] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const { account } = words;
  return (
    <div class="password">
      <Field label={form.labels[name]} error={form.errors[name] ?? null}>
        {({ id, describedBy, invalid }) => {
          const hint = fresh && !invalid ? `${id}-strength` : undefined;
          return (
            <>
              <div class="password-row">
                <input
                  ref={input}
                  id={id}
                  name={name}
                  type={shown ? "text" : "password"}
                  required
                  autoComplete={fresh ? "new-password" : "current-password"}
                  autoCapitalize="none"
                  spellcheck={false}
                  maxLength={PASSWORD_CHARS}
                  aria-describedby={describedBy ?? hint}
                  aria-invalid={invalid}
                  onInput={(event) => fresh && setTyped(event.currentTarget.value)}
                />
                <button
                  type="button"
                  class="password-eye"
                  aria-label={shown ? account.hidePassword : account.showPassword}
                  aria-controls={id}
                  onClick={() => setShown(!shown)}
                >
                  {shown ? <EyeOff size={18} aria-hidden="true" /> : <Eye size={18} aria-hidden="true" />}
                </button>
              </div>
              {hint && <StrengthHint id={hint} password={typed} known={knownWords(input.current)} />}
            </>
          );
        }}
      </Field>
    </div>
  );
}

function StrengthHint(props: { id: string; password: string; known: readonly string[] }): JSX.Element {
  const judged = props.password === "" ? null : strength(props.password, props.known);
  const { strengths, passwordRule } = words.account;
  const text =
    judged === null ? passwordRule : judged.kind === "short" ? strengths.short(judged.missing) : strengths[judged.kind];
  return (
    <div class={`strength strength-${judged?.kind ?? "none"}`}>
      {judged !== null && (
        <span class="strength-bar" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      )}
      <p id={props.id} class="note">
        {text}
      </p>
    </div>
  );
}

/** What the person typed beside the password. */
function knownWords(input: HTMLInputElement | null): string[] {
  const fields = [...(input?.form?.elements ?? [])];
  return fields.flatMap((field) =>
    field instanceof HTMLInputElement && field !== input && field.type !== "password" ? [field.value] : [],
  );
}

/** What is wrong with a password that somebody chooses. */
export function newPasswordProblem(password: string): string | null {
  if (password === "") return words.account.passwordMissing;
  const judged = strength(password);
  return judged.kind === "short" ? words.account.strengths.short(judged.missing) : null;
}
