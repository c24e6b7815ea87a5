/** Says what happens in the meeting: to eyes, to ears, and in the title while nobody looks. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Call } from "../call/effects";
import { CROWD, sounds, soundChoices, type SoundKind } from "../call/preferences";
import { type Sounding, sound } from "../media/sounds";
import type { Participant } from "../protocol";
import { words } from "../text";
import type { CallViewProps } from "./in-meeting";
import { announce } from "./toasts";

type Meeting = CallViewProps["meeting"];

/** Characters of a message that are said. */
const SAID = 80;

/** What happened since the page was hidden. */
const unseen = signal(0);

/** `reading`: the chat is open, and says what comes by itself. */
export function useNews(call: Call, meeting: Meeting, reading: boolean): void {
  const { length } = meeting.room.participants;
  const tell = (what: Sounding) => {
    if (document.visibilityState === "hidden" && what !== "left") unseen.value += 1;
    if (sounds(soundChoices.value, kindOf(what), length)) sound(what, call.capture.speaker.value);
  };
  usePeople(call, meeting, tell);
  useSaid(meeting, reading, tell);
  useKnocks(meeting, tell);
  useOwn(call, meeting);
}

/** The title, with the number of things that happened while the page was hidden. */
export function useUnseen(title: string): string {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") unseen.value = 0;
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return unseen.value > 0 ? words.sounds.unseen(unseen.value, title) : title;
}

type Tell = (what: Sounding) => void;

function kindOf(what: Sounding): SoundKind {
  return what === "chat" ? "chat" : what === "hand" ? "hands" : "people";
}

/** Who came, who went, whose hand went up, and that a host took the own one down. */
function usePeople(call: Call, { room, you }: Meeting, tell: Tell): void {
  const before = useRef<ReadonlyMap<string, Participant> | null>(null);
  useEffect(() => {
    const now = new Map(room.participants.map((person) => [person.id, person]));
    const old = before.current;
    before.current = now;
    if (old === null) return;
    for (const [id, person] of now) {
      const was = old.get(id);
      if (id === you) {
        const lowered = was?.hand_raised_at !== undefined && person.hand_raised_at === undefined;
        // Who was given up and came back came without a hand: nobody took it down.
        if (lowered && was.joined_at === person.joined_at && !call.lowersHand) announce(words.sounds.handLowered);
      } else if (!was && now.size <= CROWD) {
        announce(words.call.joined(person.name));
        tell("joined");
      } else if (was && was.hand_raised_at === undefined && person.hand_raised_at !== undefined) {
        announce(words.hands.raised(person.name));
        tell("hand");
      }
    }
    if (now.size > CROWD) return;
    for (const [id, { name }] of old) {
      if (now.has(id) || id === you) continue;
      announce(words.call.left(name));
      tell("left");
    }
  }, [room.participants, you]);
}

/** The newest message of others: said while the chat is closed, heard and counted also while it is open and nobody looks. */
function useSaid({ room, you }: Meeting, reading: boolean, tell: Tell): void {
  const newest = room.chat.at(-1);
  const told = useRef(newest?.sequence ?? 0);
  useEffect(() => {
    if (!newest || newest.sequence <= told.current) return;
    const missed = room.chat.filter(({ sequence, author }) => sequence > told.current && author !== you);
    told.current = newest.sequence;
    if (!reading || document.visibilityState === "hidden") for (const _ of missed) tell("chat");
    if (reading || newest.author === you) return;
    const text = newest.text.length > SAID ? `${newest.text.slice(0, SAID)}…` : newest.text;
    const { wrote, wroteAlone } = words.told;
    announce((newest.to === undefined ? wrote : wroteAlone)(newest.author_name, text));
  }, [newest, reading, you]);
}

/** Who asks to be let in: written and read out by `lobby.tsx`, heard and counted here. */
function useKnocks({ lobby }: Meeting, tell: Tell): void {
  const told = useRef<Set<string> | null>(null);
  useEffect(() => {
    const knocks = lobby.map(({ id, since }) => `${id} ${since}`);
    const known = told.current ?? new Set();
    for (const knock of knocks) if (!known.has(knock)) tell("knock");
    told.current = new Set([...known, ...knocks]);
  }, [lobby]);
}

/** What others, or the network, decided about this person. */
function useOwn(call: Call, { news }: Meeting): void {
  const held = call.held.value;
  const first = useRef({ news, held });
  useEffect(() => {
    if (held === null || held === first.current.held) return;
    const share = held.source === "screen" || held.source === "screen_audio";
    if (held.why === "stopped") announce(words.told.stopped[held.source]);
    else announce(share ? words.refused.share : words.refused.unmute);
  }, [held]);
  const carrier = call.media.carrier.value;
  useEffect(() => {
    if (carrier === "websocket") announce(words.call.webOnly);
  }, [carrier]);
  useEffect(() => {
    if (news === null || news === first.current.news) return;
    if (news.kind === "role") announce(news.leads ? words.told.leads : words.told.leadsNot);
    else announce(`${words.errors[news.code].title}. ${words.errors[news.code].next}`);
  }, [news]);
}
