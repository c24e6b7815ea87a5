/** Whether a call will work from here, in words: browser, network, room and region in turn, then the way of media. */
import { useEffect, useState } from "preact/hooks";
import { health } from "../api";
import type { Call } from "../call/effects";
import type { Joining, Preview, Waiting } from "../call/state";
import type { ProbeOutcome } from "../media/probe";
import { words } from "../text";

export interface Check {
  mark: "checking" | "good" | "warning" | "danger";
  text: string;
  /** Checks again; null where that happens by itself. */
  again: (() => void) | null;
}

type Regions = { region: string | null; milliseconds: number } | "unreachable" | null;

/** While no region takes calls, asks again this often. */
const ASK_EVERY_MS = 5_000;

export function useCheck(call: Call, { entry }: Preview | Joining | Waiting): Check {
  const [regions, setRegions] = useState<Regions>(null);
  const [online, setOnline] = useState(navigator.onLine);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const look = () => {
      setOnline(navigator.onLine);
      // The network may be another.
      if (navigator.onLine) setRound((before) => before + 1);
    };
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const ask = async () => {
      await health();
      // The first answer also waited for the page to load: the second tells the time it takes.
      const answer = await health();
      if (over) return;
      const usable = answer?.value.regions.find((one) => one.reachable && !one.draining);
      setRegions(
        answer
          ? { region: answer.value.ready ? (usable?.region ?? null) : null, milliseconds: answer.milliseconds }
          : "unreachable",
      );
      if (!answer?.value.ready) timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [online, round]);

  const isServed = regions !== null && regions !== "unreachable" && regions.region !== null;
  const devices = call.capture.camera.value.starting || call.capture.microphone.value.starting;
  const probed = useProbe(call, online && isServed && entry.ready && !devices, round);

  const again = () => setRound(round + 1);
  const { check } = words;
  const says = (mark: Check["mark"], text: string): Check => ({
    mark,
    text,
    // Once it is there it stays, because it may have the focus.
    again: mark === "checking" && round === 0 ? null : again,
  });
  if (typeof RTCPeerConnection === "undefined") return { mark: "danger", text: check.unsupported, again: null };
  if (!online) return { mark: "danger", text: check.offline, again: null };
  if (regions === "unreachable") return { mark: "warning", text: check.noSocket, again: null };
  if (entry.blocked && !entry.ready) return says("danger", words.unable.socket);
  if (regions === null || !entry.ready) return says("checking", check.checking);
  if (regions.region === null || probed?.kind === "no_region") return says("warning", check.noRegion);
  if (probed === undefined) return says("checking", check.trying);
  // It cannot be told, which is no reason to say that anything is wrong.
  if (probed === null) return says("good", check.good(regions.milliseconds));
  if (probed.kind === "blocked") return says("warning", check.blocked(probed.region));
  return says("good", check.through[probed.way](probed.region, Math.max(1, Math.round(probed.roundTrip))));
}

/** What came of trying; undefined until it is known. What was known stays while nothing can be tried. */
function useProbe(call: Call, can: boolean, round: number): ProbeOutcome | null | undefined {
  const [known, setKnown] = useState<{ round: number; outcome: ProbeOutcome | null } | null>(null);
  const isKnown = known?.round === round;
  useEffect(() => {
    if (!can || isKnown) return undefined;
    const over = new AbortController();
    call.media
      .probe(over.signal)
      .catch(() => null)
      .then((outcome) => {
        if (!over.signal.aborted) setKnown({ round, outcome });
      });
    return () => over.abort();
  }, [call, can, round, isKnown]);
  return isKnown ? known.outcome : undefined;
}
