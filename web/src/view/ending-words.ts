/** What is said where a call ended or did not begin: what happened, what to do next, and the way back. */
import type { Ending } from "../call/state";
import type { ErrorCode } from "../protocol";
import { words } from "../text";

export interface Told {
  title: string;
  next: string;
  /** What the button says that brings them back; null where nothing does. */
  again: string | null;
  /** Only a reload of the page helps. */
  reload?: boolean;
}

/** Refusals that may be over a moment later. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "room_full",
  "room_locked",
  "rate_limited",
  "region_unavailable",
  "internal",
  "unauthorized",
]);

/** `email`: of the person who is signed in. */
export function tell(ending: Ending, email: string | null): Told {
  const { ended, lobby, unable } = words;
  switch (ending.kind) {
    case "left":
      return { title: ended.left, next: ended.leftNext, again: ended.rejoin };
    case "over":
      return { title: ended.over, next: ended.overWhy[ending.reason], again: null };
    case "denied":
      return { title: lobby.denied, next: lobby.deniedNext, again: lobby.askAgain };
    case "removed":
      return { title: ended.removed, next: ended.removedNext, again: null };
    case "replaced":
      return { title: ended.replaced, next: ended.replacedNext, again: ended.rejoin };
    case "closed":
      switch (ending.why) {
        case "protocol":
          return { title: unable.protocol, next: unable.protocolNext, again: unable.reload, reload: true };
        case "rate":
          return { title: unable.rate, next: unable.rateNext, again: ended.rejoin };
        case "unknown":
          return { title: ended.closed, next: ended.closedNext, again: ended.rejoin };
      }
    // Every reason is above.
    case "refused": {
      const { title, next } = words.errors[ending.code];
      if (ending.code === "not_invited") {
        return { title, next: email === null ? next : lobby.notInvitedAs(email), again: null };
      }
      return { title, next, again: PASSING.has(ending.code) ? words.tryAgain : null };
    }
  }
}
