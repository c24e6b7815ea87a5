/**
 * The ways that media can take, best first: the ladder.
 *
 * Developers keep some out by the stored setting `meridian.rungs`, a list such as "udp,tcp".
 */
import { recall } from "../storage";

const RUNGS = ["direct", "udp", "tcp", "relay", "websocket"] as const;
export type Rung = (typeof RUNGS)[number];

/** Those that ICE finds (RFC 8445). */
export const ICE: readonly Rung[] = ["udp", "tcp", "relay"];

/** Those that may be used: all of them where the setting names none. */
export function allowedRungs(setting = recall("rungs")): ReadonlySet<Rung> {
  const named = setting.split(",");
  const allowed = RUNGS.filter((rung) => named.includes(rung));
  return new Set(allowed.length > 0 ? allowed : RUNGS);
}
