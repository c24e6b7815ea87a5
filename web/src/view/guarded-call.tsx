/** The call's page, and what stands in for it if all of it breaks: voices go on, and one can leave. */
import type { JSX } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { words } from "../text";
import { CallView } from "./call";
import type { CallViewProps } from "./in-meeting";
import { Sound } from "./sound";

export function GuardedCall(props: CallViewProps): JSX.Element {
  const [error, again] = useErrorBoundary((thrown: unknown) => reportError(thrown));
  if (error === undefined) return <CallView {...props} />;
  return (
    <main class="call call-broken" role="alert">
      <Sound call={props.call} />
      <div class="broken">
        <p>{words.broken.call}</p>
        <button type="button" class="button primary" onClick={again}>
          {words.tryAgain}
        </button>
        <button type="button" class="button danger-fill" onClick={() => props.call.leave()}>
          {words.call.leave}
        </button>
      </div>
    </main>
  );
}
