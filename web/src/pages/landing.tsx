/** The front page: start a meeting, join one, and see what this is. */
import { ArrowRight } from "lucide-preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useId, useState } from "preact/hooks";
import { codeFrom } from "../code";
import { words } from "../text";
import { Features } from "../view/features";
import { HeroCall } from "../view/hero-call";
import { NewMeeting } from "../view/new-meeting";
import { Page, useTitle } from "../view/page";

export function Landing(): JSX.Element {
  useTitle(words.landing.title);
  return (
    <Page class="landing">
      <section class="hero">
        <div class="hero-words">
          <h1>{words.landing.headline}</h1>
          <p class="lead">{words.landing.lead}</p>
          <div class="hero-actions">
            <NewMeeting />
            <JoinByCode />
          </div>
          <p class="note">{words.landing.noAccount}</p>
        </div>
        <HeroCall />
      </section>
      <Features />
      <footer class="page-foot">
        <span>{words.brand}</span>
        <span>{words.landing.footer}</span>
      </footer>
    </Page>
  );
}

function JoinByCode(): JSX.Element {
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
