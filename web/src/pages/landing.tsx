/** The front page: start a meeting, join one, and see what this is. */
import { ArrowRight } from "lucide-preact";
import type { JSX } from "preact";
import { session } from "../account/session";
import { words } from "../text";
import { Features } from "../view/features";
import { HeroCall } from "../view/hero-call";
import { JoinByCode } from "../view/join-by-code";
import { later } from "../view/later";
import { NewMeeting } from "../view/new-meeting";
import { Page, useTitle } from "../view/page";

const LanguageSelect = later(async () => (await import("../view/language-select")).LanguageSelect);

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
          {session.value.kind === "in" ? (
            <a class="go-home" href="/home">
              {words.home.yours}
              <ArrowRight size={16} aria-hidden="true" />
            </a>
          ) : (
            <p class="note">{words.landing.noAccount}</p>
          )}
        </div>
        <HeroCall />
      </section>
      <Features />
      <footer class="page-foot">
        <span>{words.brand}</span>
        <span>{words.landing.footer}</span>
        <LanguageSelect />
      </footer>
    </Page>
  );
}
