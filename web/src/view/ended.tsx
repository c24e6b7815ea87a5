/** After a call, or instead of one: what happened, in plain words, and what to do next. */
import { CircleAlert, DoorClosed, Link2Off, Lock, LogOut, MonitorSmartphone, PhoneOff, Ticket, Unplug, Users, UserX } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useLocation } from "preact-iso";
import type { Ending } from "../call/state";
import { signInPath } from "../account/return-path";
import { session } from "../account/session";
import type { ErrorCode, User } from "../protocol";
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
  const { path } = useLocation();
  const user = session.value.kind === "in" ? session.value.user : null;
  const told = tell(ending, user);
  const uninvited = ending.kind === "refused" && ending.code === "not_invited";
  return (
    <Statement key={told.title} title={told.title} next={told.next} icon={told.icon}>
      {told.again !== null && rejoin && (
        <button type="button" class="button primary large" onClick={rejoin}>
          {told.again}
        </button>
      )}
      {uninvited && !user && (
        <a class="button primary large" href={signInPath(path)}>
          {words.account.signIn}
        </a>
      )}
      {told.again === null && !uninvited && <NewMeeting label={words.ended.newMeeting} />}
      <a class="button large" href={user ? "/home" : "/"}>
        {user ? words.home.back : words.ended.home}
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

function tell(ending: Ending, user: User | null): Told {
  const { ended } = words;
  switch (ending.kind) {
    case "left":
      return { title: ended.left, next: ended.leftNext, again: ended.rejoin, icon: <LogOut size={28} /> };
    case "over":
      return { title: ended.over, next: ended.overWhy[ending.reason], again: null, icon: <PhoneOff size={28} /> };
    case "denied":
      return {
        title: words.lobby.denied,
        next: words.lobby.deniedNext,
        again: words.lobby.askAgain,
        icon: <DoorClosed size={28} />,
      };
    case "removed":
      return { title: ended.removed, next: ended.removedNext, again: null, icon: <UserX size={28} /> };
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
      if (ending.code === "not_invited") {
        const way = user ? words.lobby.notInvitedAs(user.email) : next;
        return { title, next: way, again: null, icon: <Ticket size={28} /> };
      }
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
    case "room_locked":
      return <Lock size={28} />;
    case "banned":
      return <UserX size={28} />;
    default:
      return <CircleAlert size={28} />;
  }
}
