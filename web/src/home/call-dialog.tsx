/** Calling somebody by their address: it rings there, or they get a mail; the caller is not told which. */
import { Phone } from "lucide-preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useRef, useState } from "preact/hooks";
import { callSomeone } from "../api";
import type { User } from "../protocol";
import { words } from "../text";
import { Field } from "../view/controls";
import { isAddress } from "./addresses";
import { Dialog } from "./dialog";
import { problemOf } from "./errors";
import { ring } from "./ringing";

export function CallDialog({ user, onClose }: { user: User; onClose(): void }): JSX.Element {
  const { calling } = words;
  const { route } = useLocation();
  const [email, setEmail] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  const refuse = (why: string) => {
    setError(why);
    input.current?.focus();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const whom = email.trim().toLowerCase();
    if (busy) return;
    if (!isAddress(whom)) return refuse(calling.badEmail);
    if (whom === user.email) return refuse(calling.self);
    setError(null);
    setBusy(true);
    const answer = await callSomeone({ email: whom });
    setBusy(false);
    if (!answer.ok) return refuse(answer.code === "invalid_request" ? calling.badEmail : problemOf(answer));
    const { code } = answer.value.room;
    if (code === undefined) return refuse(words.errors.internal.title);
    ring(code, whom, Date.now());
    route(`/m/${code}`);
  };

  return (
    <Dialog title={calling.title} class="narrow" onClose={onClose}>
      <form class="sheet-form" onSubmit={(event) => void submit(event)} noValidate>
        <div class="sheet-body">
          <Field label={calling.email} error={error}>
            {({ id, describedBy, invalid }) => (
              <input
                ref={input}
                id={id}
                name="email"
                type="email"
                autoComplete="email"
                autofocus
                aria-describedby={describedBy}
                aria-invalid={invalid}
                value={email}
                onInput={(event) => {
                  setEmail(event.currentTarget.value);
                  setError(null);
                }}
              />
            )}
          </Field>
          <p class="note">{calling.hint}</p>
        </div>
        <footer class="sheet-foot">
          <button type="button" class="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" class="button primary" aria-busy={busy || undefined}>
            <Phone size={18} aria-hidden="true" />
            {busy ? calling.starting : calling.call}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
