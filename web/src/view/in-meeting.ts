/** What every view inside a meeting is given, and the link that leads there. */
import type { Call } from "../call/effects";
import type { Live, Reconnecting } from "../call/state";

export interface CallViewProps {
  call: Call;
  meeting: Live | Reconnecting;
}

export function linkOf(call: Call): string {
  return call.details.value?.link ?? new URL(`/m/${call.code}`, location.href).href;
}
