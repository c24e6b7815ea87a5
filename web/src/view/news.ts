/** Says what happens in the meeting, to eyes and ears alike. */
import { useEffect, useRef } from "preact/hooks";
import type { Call } from "../call/effects";
import type { Participant } from "../protocol";
import { words } from "../text";
import type { CallViewProps } from "./in-meeting";
import { announce } from "./toasts";

type Meeting = CallViewProps["meeting"];

/** With more people than this, who comes and goes is no news. */
const CROWD = 30;
/** Characters of a message that are said. */
const SAID = 80;

/** `reading`: the chat is open, and says what comes by itself. */
export function useNews(call: Call, meeting: Meeting, reading: boolean): void {
  usePeople(meeting);
  useSaid(meeting, reading);
  useOwn(call, meeting);
}

/** Who came, who went, and who raised their hand. */
function usePeople({ room, you }: Meeting): void {
  const before = useRef<ReadonlyMap<string, Participant> | null>(null);
  useEffect(() => {
    const now = new Map(room.participants.map((person) => [person.id, person]));
    const old = before.current;
    before.current = now;
    if (old === null) return;
    for (const [id, person] of now) {
      const was = old.get(id);
      if (id === you) continue;
      if (!was && now.size <= CROWD) announce(words.call.joined(person.name));
      if (was && was.hand_raised_at === undefined && person.hand_raised_at !== undefined) {
        announce(words.hands.raised(person.name));
      }
    }
    if (now.size > CROWD) return;
    for (const [id, { name }] of old) if (!now.has(id) && id !== you) announce(words.call.left(name));
  }, [room.participants, you]);
}

/** The newest message of others, while the chat is closed. */
function useSaid({ room, you }: Meeting, reading: boolean): void {
  const newest = room.chat.at(-1);
  const told = useRef(newest?.sequence ?? 0);
  useEffect(() => {
    if (!newest || newest.sequence <= told.current) return;
    told.current = newest.sequence;
    if (reading || newest.author === you) return;
    const text = newest.text.length > SAID ? `${newest.text.slice(0, SAID)}…` : newest.text;
    const { wrote, wroteAlone } = words.told;
    announce((newest.to === undefined ? wrote : wroteAlone)(newest.author_name, text));
  }, [newest, reading, you]);
}

/** What others decided about this person. */
function useOwn(call: Call, { news }: Meeting): void {
  const held = call.held.value;
  const first = useRef({ news, held });
  useEffect(() => {
    if (held === null || held === first.current.held) return;
    const share = held.source === "screen" || held.source === "screen_audio";
    if (held.why === "stopped") announce(words.told.stopped[held.source]);
    else announce(share ? words.refused.share : words.refused.unmute);
  }, [held]);
  useEffect(() => {
    if (news === null || news === first.current.news) return;
    if (news.kind === "role") announce(news.leads ? words.told.leads : words.told.leadsNot);
    else announce(`${words.errors[news.code].title}. ${words.errors[news.code].next}`);
  }, [news]);
}
