/** What a region says of a session, whatever carries it. */
import type { MediaEvent, Slot } from "../protocol";
import type { MediaEvents } from "./connection";

export function tell(event: MediaEvent | null, events: MediaEvents, assign: (slots: readonly Slot[]) => void): void {
  switch (event?.type) {
    case "slots":
      assign(event.slots);
      break;
    case "speakers":
      events.speakers(event.participants);
      break;
    case "paused":
      events.paused(event.tiles);
      break;
    case "networks":
      events.networks(event.weak);
      break;
  }
}
