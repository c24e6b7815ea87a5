/** Joining by a code or link that somebody was given. */
import { ArrowRight } from "lucide-preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useId, useState } from "preact/hooks";
import { codeFrom } from "../code";
import { words } from "../text";

export function JoinByCode(): JSX.Element {
  const { route } = useLocation();
  const [text, setText] = useState("");
  const [bad, setBad] = useState(false);
  const id = useId();

  const submit = (event: Event) => {
    event.preventDefault();
    const code = codeFrom(text);
    setBad(code === null);
    if (code !== null) route(`/m/${code}`);
    else document.getElementById(id)?.focus();
  };

  return (
    <form class="join-code" onSubmit={submit} noValidate>
      <div class="join-code-row">
        <input
          id={id}
          type="text"
          aria-label={words.landing.code}
          placeholder={words.landing.codeExample}
          aria-invalid={bad}
          aria-describedby={bad ? `${id}-note` : undefined}
          autoCapitalize="none"
          autoComplete="off"
          spellcheck={false}
          enterkeyhint="go"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setBad(false);
          }}
        />
        <button type="submit" class="button large">
          {words.landing.join}
          <ArrowRight size={18} aria-hidden="true" />
        </button>
      </div>
      {bad && (
        <p id={`${id}-note`} class="note text-danger" role="alert">
          {words.landing.badCode}
        </p>
      )}
    </form>
  );
}
