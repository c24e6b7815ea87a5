/** The lobby from both sides: waiting to be let in, and letting people in. */
import { BadgeCheck, DoorOpen } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Call } from "../call/effects";
import type { Waiting } from "../call/state";
import type { WaitingPerson } from "../protocol";
import { words } from "../text";
import { Avatar } from "./avatar";
import { useFocusAfter } from "./focus";

/** What somebody sees who asked. */
export function WaitingNotice({ call, state }: { call: Call; state: Waiting }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const { lobby } = words;
  const text = !state.entry.ready ? lobby.lost : state.hostPresent ? lobby.hostHere : lobby.hostAway;
  return (
    <div class="waiting">
      <div class="waiting-words">
        <span class="waiting-mark" aria-hidden="true">
          <DoorOpen size={22} />
        </span>
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {lobby.waiting}
          </h2>
          <p class="muted" role="status">
            {text}
          </p>
        </div>
      </div>
      <button type="button" class="button large wide" onClick={() => call.leave()}>
        {lobby.leave}
      </button>
    </div>
  );
}

/** Everybody who waits, as the hosts see them. */
export function Lobby({ call, waiting }: { call: Call; waiting: readonly WaitingPerson[] }): JSX.Element {
  return (
    <section class="lobby" aria-labelledby="lobby-title">
      <header class="lobby-head">
        <h3 id="lobby-title">{words.lobby.list}</h3>
        <button type="button" class="link" onClick={() => call.ask({ type: "admit_all" })}>
          {words.hosting.admitEveryone}
        </button>
      </header>
      <ul class="people" aria-label={words.lobby.list}>
        {waiting.map((person) => (
          <Entry key={person.id} call={call} person={person} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ call, person }: { call: Call; person: WaitingPerson }): JSX.Element {
  const entry = useRef<HTMLLIElement>(null);
  // To who waits behind them, or to the head of the panel.
  useFocusAfter(entry, (inside) => {
    const next = inside.nextElementSibling ?? inside.previousElementSibling;
    return next?.querySelector("button") ?? inside.closest(".panel")?.querySelector("h2");
  });
  return (
    <li ref={entry}>
      <div class="person">
        <Asking person={person} />
      </div>
      <div class="lobby-answers">
        <Answers call={call} person={person} />
      </div>
    </li>
  );
}

interface KnockProps {
  call: Call;
  waiting: readonly WaitingPerson[];
  /** The list of all who wait is on screen already. */
  listed: boolean;
  onList(): void;
}

/** Somebody asks: said once to everybody who may answer, and kept in sight until they are answered. */
export function Knock({ call, waiting, listed, onList }: KnockProps): JSX.Element {
  const news = useKnocks(waiting);
  const [first] = waiting;
  return (
    <>
      <p class="sr-only" role="status">
        {news}
      </p>
      {first && !listed && <KnockCard call={call} first={first} more={waiting.length - 1} onList={onList} />}
    </>
  );
}

interface KnockCardProps {
  call: Call;
  first: WaitingPerson;
  /** How many wait behind them. */
  more: number;
  onList(): void;
}

function KnockCard({ call, first, more, onList }: KnockCardProps): JSX.Element {
  const card = useRef<HTMLElement>(null);
  useFocusAfter(card, () => document.querySelector<HTMLElement>(".people-toggle"));
  return (
    <aside ref={card} class="knock" aria-label={words.lobby.list}>
      <p class="knock-title">{words.lobby.asksNow}</p>
      <div class="person">
        <Asking person={first} />
      </div>
      <div class="knock-actions">
        {more > 0 && (
          <button type="button" class="link" onClick={onList}>
            {words.lobby.others(more)}
          </button>
        )}
        <Answers call={call} person={first} />
      </div>
    </aside>
  );
}

function Answers({ call, person }: { call: Call; person: WaitingPerson }): JSX.Element {
  return (
    <>
      <button
        type="button"
        class="button"
        aria-label={words.lobby.denyName(person.name)}
        onClick={() => call.deny(person.id)}
      >
        {words.lobby.deny}
      </button>
      <button
        type="button"
        class="button primary"
        aria-label={words.lobby.admitName(person.name)}
        onClick={() => call.admit(person.id)}
      >
        {words.lobby.admit}
      </button>
    </>
  );
}

function Asking({ person }: { person: WaitingPerson }): JSX.Element {
  return (
    <>
      <Avatar id={person.id} name={person.name} />
      <span class="asking">
        <strong>
          <bdi>{person.name}</bdi>
        </strong>
        <span class="note">
          {person.verified && <BadgeCheck size={14} aria-hidden="true" />}
          {person.verified ? person.email : [words.lobby.unverified, person.email].filter(Boolean).join(", ")}
        </span>
      </span>
    </>
  );
}

/** What to read out: each newcomer once, also when the list came anew. */
function useKnocks(waiting: readonly WaitingPerson[]): string {
  const told = useRef<Set<string>>(new Set());
  const [news, setNews] = useState("");
  useEffect(() => {
    for (const { id, name, since } of waiting) {
      // Who leaves and asks again, asks anew.
      const knock = `${id} ${since}`;
      if (told.current.has(knock)) continue;
      told.current.add(knock);
      setNews(words.lobby.asks(name));
    }
  }, [waiting]);
  return waiting.length > 0 ? news : "";
}
