/** What every view inside a meeting is given, and the link that leads there. */
import { linkTo } from "../code";
import type { Call } from "../call/effects";
import type { Live, Reconnecting } from "../call/state";

export interface CallViewProps {
  call: Call;
  meeting: Live | Reconnecting;
}

/** Whether the person who looks leads the meeting. */
export function leads({ room, you }: Live | Reconnecting): boolean {
  const role = room.participants.find(({ id }) => id === you)?.role;
  return role === "host" || role === "cohost";
}

export function linkOf(call: Call): string {
  return call.details.value?.link ?? linkTo(call.code);
}
