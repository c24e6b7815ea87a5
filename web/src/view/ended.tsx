/** After a call, or instead of one: what happened, in plain words, and what to do next. */
import { CircleAlert, Link2Off, LogOut, MonitorSmartphone, PhoneOff, Unplug, Users } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import type { Ending } from "../call/state";
import type { ErrorCode } from "../protocol";
import { words } from "../text";
import { NewMeeting } from "./new-meeting";
import { Statement } from "./page";

/** Refusals that may be over a moment later. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "room_full",
  "room_locked",
  "rate_limited",
  "region_unavailable",
  "internal",
  "unauthorized",
]);

export function EndedView({ ending, rejoin }: { ending: Ending; rejoin?: () => void }): JSX.Element {
  const told = tell(ending);
  return (
    <Statement key={told.title} title={told.title} next={told.next} icon={told.icon}>
      {told.again !== null && rejoin && (
        <button type="button" class="button primary large" onClick={rejoin}>
          {told.again}
        </button>
      )}
      {told.again === null && <NewMeeting label={words.ended.newMeeting} />}
      <a class="button large" href="/">
        {words.ended.home}
      </a>
    </Statement>
  );
}

interface Told {
  title: string;
  next: string;
  /** What the button says that brings them back; null where nothing does. */
  again: string | null;
  icon: ComponentChildren;
}

function tell(ending: Ending): Told {
  const { ended } = words;
  switch (ending.kind) {
    case "left":
      return { title: ended.left, next: ended.leftNext, again: ended.rejoin, icon: <LogOut size={28} /> };
    case "over":
      return { title: ended.over, next: ended.overWhy[ending.reason], again: null, icon: <PhoneOff size={28} /> };
    case "replaced":
      return {
        title: ended.replaced,
        next: ended.replacedNext,
        again: ended.rejoin,
        icon: <MonitorSmartphone size={28} />,
      };
    case "closed":
      return { title: ended.closed, next: ended.closedNext, again: ended.rejoin, icon: <Unplug size={28} /> };
    case "refused": {
      const { title, next } = words.errors[ending.code];
      const again = PASSING.has(ending.code) ? words.tryAgain : null;
      return { title, next, again, icon: refusalIcon(ending.code) };
    }
  }
}

function refusalIcon(code: ErrorCode): ComponentChildren {
  switch (code) {
    case "room_not_found":
      return <Link2Off size={28} />;
    case "room_ended":
      return <PhoneOff size={28} />;
    case "room_full":
      return <Users size={28} />;
    default:
      return <CircleAlert size={28} />;
  }
}
