/**
 * Holds connections to the ways that may be taken (`rungs.ts`).
 *
 * A relay reaches the region over UDP: where it may be taken and UDP may not, the region's addresses for
 * UDP stay and the browser is told to use nothing but relays. So "tcp,relay" is held as "relay".
 */
import type { IceServer } from "../protocol";
import type { Rung } from "./rungs";

type Rungs = ReadonlySet<Rung>;

/** How the browser is to look for a way, with these relays. */
export function iceConfiguration(servers: readonly IceServer[], rungs: Rungs): RTCConfiguration {
  return {
    iceServers: rungs.has("relay") ? servers.map((server) => ({ ...server })) : [],
    iceTransportPolicy: onlyRelays(rungs) ? "relay" : "all",
  };
}

/** The region's answer without the candidates (RFC 8839 §5.1) that lead to no way which may be taken. */
export function reachable(answer: string, rungs: Rungs): string {
  const kept = (line: string) => {
    const transport = /^a=candidate:\S+ \d+ (\w+) /.exec(line)?.[1]?.toLowerCase();
    if (transport === undefined) return true;
    return transport === "tcp" ? rungs.has("tcp") : rungs.has("udp") || rungs.has("relay");
  };
  return answer.split(/(?<=\n)/).filter(kept).join("");
}

function onlyRelays(rungs: Rungs): boolean {
  return rungs.has("relay") && !rungs.has("udp");
}
