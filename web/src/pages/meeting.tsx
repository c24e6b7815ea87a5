/** A meeting at `/m/{code}`: which view stands for which state of the call. */
import { useRoute } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { codeFrom } from "../code";
import { Call } from "../call/effects";
import { Capture } from "../media/capture";
import { EndedView } from "../view/ended";
import { GuardedCall } from "../view/guarded-call";
import { Preview } from "../view/preview";
import { inability, Unable } from "../view/unable";

export function MeetingPage(): JSX.Element {
  const code = useRoute().params.code ?? "";
  const known = codeFrom(code);
  if (known === null) return <EndedView ending={{ kind: "refused", code: "room_not_found" }} />;
  const why = inability();
  if (why !== null) return <Unable why={why} />;
  return <Meeting key={known} code={known} />;
}

function Meeting({ code }: { code: string }): JSX.Element | null {
  const [call, setCall] = useState<Call | null>(null);

  useEffect(() => {
    const first = new Call(code);
    setCall(first);
    return () => first.dispose();
  }, [code]);
  // A call that took another's place after "Rejoin".
  useEffect(() => () => call?.dispose(), [call]);
  if (!call) return null;

  const state = call.state.value;
  switch (state.phase) {
    case "preview":
    case "joining":
    case "waiting":
      return <Preview call={call} state={state} />;
    case "live":
    case "reconnecting":
      return <GuardedCall call={call} meeting={state} />;
    case "ended": {
      const { ending, name } = state;
      const rejoin = () => {
        const { microphone, camera } = call.capture;
        const wanted = { microphone: microphone.value.wanted, camera: camera.value.wanted };
        const next = new Call(code, new Capture(wanted));
        if (name !== "") next.join(name);
        setCall(next);
      };
      return <EndedView ending={ending} rejoin={rejoin} />;
    }
  }
}
