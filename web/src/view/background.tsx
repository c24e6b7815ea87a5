/** What stands behind the person: the choice, and what is said when it cannot be done. */
import type { JSX } from "preact";
import type { Call } from "../call/effects";
import { words } from "../text";
import { later } from "./later";

export const BackgroundChoices = later(async () => (await import("./background-choices")).BackgroundChoices);

/** During the call: the effect is on its way, or the person has to decide. */
export function BackgroundNotice({ call }: { call: Call }): JSX.Element {
  const { starting, track, undecided } = call.background;
  return (
    <div class="notices" role="status">
      {undecided.value !== null ? (
        <Decide call={call} class="notice" />
      ) : (
        starting.value && (
          <p class="notice">
            <span class="notice-mark" aria-hidden="true" />
            <span>{track.value === null ? words.background.preparing : words.background.preparingShown}</span>
          </p>
        )
      )}
    </div>
  );
}

/** Nothing is sent until the person says how to go on. */
export function Decide({ call, class: look }: { call: Call; class: string }): JSX.Element | null {
  const { background } = call;
  const problem = background.undecided.value;
  if (problem === null) return null;
  return (
    <p class={look}>
      <span>{words.background.problems[problem]}</span>{" "}
      {problem !== "unsupported" && problem !== "picture" && (
        <button type="button" class="link" onClick={() => background.retry()}>
          {words.tryAgain}
        </button>
      )}{" "}
      <button type="button" class="link" onClick={() => background.choose("none")}>
        {words.background.goPlain}
      </button>
    </p>
  );
}
