/**
 * Forms that keep what was typed, name the field that is wrong and go to it, and are sent once.
 *
 * Fields are the browser's own: their values are read when the form is sent, so that what a password
 * manager filled in counts.
 */
import { LoaderCircle } from "lucide-preact";
import type { ComponentChildren, JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Refused } from "../request";
import { words } from "../text";
import { Field } from "../view/controls";
import { explain } from "./form-errors";

type Values<Name extends string> = Record<Name, string>;
type Errors<Name extends string> = Partial<Record<Name, string>>;

interface FormOptions<Name extends string> {
  /** What each field is called on screen, in the order they stand in. */
  labels: Readonly<Record<Name, string>>;
  /** What is wrong before anything is sent. */
  check(values: Values<Name>): { [Key in Name]?: string | null };
  /** Sends; a refusal comes back to be shown, or null where the caller dealt with the answer. */
  send(values: Values<Name>): Promise<Refused | null>;
  /** Shows a refusal in its own way. */
  explain?(refused: Refused): { fields: Errors<Name>; problem: string | null; wait: number | null };
}

export interface Form<Name extends string> {
  element: RefObject<HTMLFormElement>;
  labels: Readonly<Record<Name, string>>;
  errors: Errors<Name>;
  problem: string | null;
  /** Seconds until the server listens again; 0 when it does. */
  wait: number;
  busy: boolean;
  submit(event: Event): void;
  /** Something was typed into a field. */
  typed(event: Event): void;
}

export function useForm<Name extends string>(options: FormOptions<Name>): Form<Name> {
  const element = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<Errors<Name>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const sending = useRef(false);
  const [wait, waitFor] = useCountdown();
  const names = Object.keys(options.labels) as Name[];

  const show = (wrong: Errors<Name>) => {
    setErrors(wrong);
    const first = names.find((name) => wrong[name] !== undefined);
    const input = first === undefined ? null : element.current?.elements.namedItem(first);
    if (input instanceof HTMLElement) input.focus();
  };

  const submit = (event: Event) => {
    event.preventDefault();
    const form = element.current;
    if (!form || sending.current || wait > 0) return;
    const data = new FormData(form);
    const values = Object.fromEntries(names.map((name) => [name, String(data.get(name) ?? "")])) as Values<Name>;
    setProblem(null);
    const checked = Object.entries(options.check(values)).filter(([, reason]) => typeof reason === "string");
    if (checked.length > 0) return show(Object.fromEntries(checked) as Errors<Name>);
    setErrors({});
    sending.current = true;
    setBusy(true);
    void options.send(values).then((refused) => {
      sending.current = false;
      setBusy(false);
      if (!refused) return;
      const told = (options.explain ?? ((from) => explain(from, options.labels)))(refused);
      setProblem(told.problem);
      waitFor(told.wait ?? 0);
      show(told.fields);
    });
  };

  const typed = (event: Event) => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return;
    const name = target.name as Name;
    if (errors[name] !== undefined) setErrors({ ...errors, [name]: undefined });
    // The wait is for one address.
    if (name === "email") waitFor(0);
  };

  return { element, labels: options.labels, errors, problem, wait, busy, submit, typed };
}

/** The form around its fields, with what is wrong with the whole, and its button. */
export function FormBody<Name extends string>(props: {
  form: Form<Name>;
  submit: string;
  class?: string;
  /** How the button looks; the page's first deed when absent. */
  tone?: "" | "danger-fill";
  children: ComponentChildren;
  /** Beside what is wrong: what can be done about it. */
  remedy?: ComponentChildren;
  /** Other buttons, before. */
  beside?: ComponentChildren;
  /** That it worked, said after the button. */
  done?: string;
}): JSX.Element {
  const { form } = props;
  return (
    <form
      ref={form.element}
      class={`form ${props.class ?? ""}`}
      method="post"
      noValidate
      onSubmit={form.submit}
      onInput={form.typed}
    >
      {props.children}
      {form.problem !== null && (
        <div class="banner danger" role="alert">
          <p>{form.problem}</p>
          {props.remedy}
        </div>
      )}
      {form.wait > 0 && <Wait seconds={form.wait} />}
      <div class="form-actions">
        {props.beside}
        <button
          type="submit"
          class={`button large ${props.tone ?? "primary"}`}
          aria-busy={form.busy || undefined}
          disabled={form.wait > 0}
        >
          {form.busy && <LoaderCircle size={18} class="turning" aria-hidden="true" />}
          {props.submit}
        </button>
        {props.done !== undefined && (
          <p class="note done" role="status">
            {props.done}
          </p>
        )}
      </div>
    </form>
  );
}

interface InputProps<Name extends string> {
  form: Form<Name>;
  name: Name;
  type?: "text" | "email" | "password";
  autocomplete: string;
  maxLength?: number;
  hint?: string;
  placeholder?: string;
  value?: string;
}

export function TextField<Name extends string>(props: InputProps<Name>): JSX.Element {
  const { form, name, type = "text" } = props;
  return (
    <Field label={form.labels[name]} error={form.errors[name] ?? null} {...(props.hint && { hint: props.hint })}>
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          name={name}
          type={type}
          required
          autoComplete={props.autocomplete}
          {...(type === "email" && { autoCapitalize: "none", spellcheck: false, inputMode: "email" as const })}
          {...(props.maxLength !== undefined && { maxLength: props.maxLength })}
          {...(props.placeholder !== undefined && { placeholder: props.placeholder })}
          {...(props.value !== undefined && { defaultValue: props.value })}
          aria-describedby={describedBy}
          aria-invalid={invalid}
        />
      )}
    </Field>
  );
}

function Wait({ seconds }: { seconds: number }): JSX.Element {
  return (
    <div class="banner danger">
      <p role="alert">{words.account.lockedOut}</p>
      <p class="countdown" role="timer" aria-live="off">
        {words.account.tryAgainIn(seconds)}
      </p>
    </div>
  );
}

/** Seconds that count down to nothing. */
function useCountdown(): [number, (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (until === 0) return undefined;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [until]);
  const left = until === 0 ? 0 : Math.max(0, Math.ceil((until - Math.max(now, Date.now())) / 1_000));
  useEffect(() => {
    if (left === 0) setUntil(0);
  }, [left]);
  return [left, (seconds) => setUntil(seconds > 0 ? Date.now() + seconds * 1_000 : 0)];
}
