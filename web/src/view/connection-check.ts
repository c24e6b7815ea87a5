/** Whether a call will work from here, in words: browser, network, room and region in turn. */
import { useEffect, useState } from "preact/hooks";
import { health } from "../api";
import type { Joining, Preview, Waiting } from "../call/state";
import { words } from "../text";

export interface Check {
  mark: "checking" | "good" | "warning" | "danger";
  text: string;
}

type Regions = { region: string | null; milliseconds: number } | "unreachable" | null;

/** While no region takes calls, asks again this often. */
const ASK_EVERY_MS = 5_000;

export function useCheck({ entry }: Preview | Joining | Waiting): Check {
  const [regions, setRegions] = useState<Regions>(null);
  const [online, setOnline] = useState(navigator.onLine);

  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
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
  }, [online]);

  const { check } = words;
  if (typeof RTCPeerConnection === "undefined") return { mark: "danger", text: check.unsupported };
  if (!online) return { mark: "danger", text: check.offline };
  if (regions === "unreachable") return { mark: "warning", text: check.noSocket };
  if (entry.blocked && !entry.ready) return { mark: "danger", text: words.unable.socket };
  if (regions === null || !entry.ready) return { mark: "checking", text: check.checking };
  if (regions.region === null) return { mark: "warning", text: check.noRegion };
  return { mark: "good", text: check.good(regions.region, regions.milliseconds) };
}
