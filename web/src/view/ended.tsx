/** After a call, or instead of one: what happened, in plain words, and what to do next. */
import { CircleAlert, DoorClosed, Link2Off, Lock, LogOut, MonitorSmartphone, PhoneOff, Ticket, Unplug, Users, UserX } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useLocation } from "preact-iso";
import type { Ending } from "../call/state";
import { signInPath } from "../account/return-path";
import { session } from "../account/session";
import type { ErrorCode } from "../protocol";
import { words } from "../text";
import { tell } from "./ending-words";
import { NewMeeting } from "./new-meeting";
import { Statement } from "./page";

export function EndedView({ ending, rejoin }: { ending: Ending; rejoin?: () => void }): JSX.Element {
  const { path } = useLocation();
  const user = session.value.kind === "in" ? session.value.user : null;
  const told = tell(ending, user?.email ?? null);
  const uninvited = ending.kind === "refused" && ending.code === "not_invited";
  return (
    <Statement key={told.title} title={told.title} next={told.next} icon={iconOf(ending)}>
      {told.again !== null && rejoin && (
        <button type="button" class="button primary large" onClick={told.reload ? () => location.reload() : rejoin}>
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

function iconOf(ending: Ending): ComponentChildren {
  switch (ending.kind) {
    case "left":
      return <LogOut size={28} />;
    case "over":
      return <PhoneOff size={28} />;
    case "denied":
      return <DoorClosed size={28} />;
    case "removed":
      return <UserX size={28} />;
    case "replaced":
      return <MonitorSmartphone size={28} />;
    case "closed":
      return <Unplug size={28} />;
    case "refused":
      return refusalIcon(ending.code);
  }
}

function refusalIcon(code: ErrorCode): ComponentChildren {
  switch (code) {
    case "not_invited":
      return <Ticket size={28} />;
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
