/** Where the person is signed in, and signing out there. */
import { Laptop, Smartphone } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { revokeOtherSessions, revokeSession, sessions } from "../api";
import type { Session } from "../protocol";
import type { Answer } from "../request";
import { words } from "../text";
import { problemOf } from "./form-errors";
import { ago, date } from "./time";

const PHONES = /iPhone|iPad|Android|phone|mobile/i;

/** `version` changes when the list does from elsewhere. */
export function Devices({ version }: { version: number }): JSX.Element {
  const [list, setList] = useState<readonly Session[] | null>(null);
  const [told, setTold] = useState<{ text: string; bad: boolean } | null>(null);
  const [busy, setBusy] = useState(false);

  const load = async () => {
    const answer = await sessions();
    if (answer.ok) setList(answer.value.sessions);
    else setTold({ text: words.account.devicesFailed, bad: true });
  };
  useEffect(() => {
    void load();
  }, [version]);

  const act = async (action: () => Promise<Answer<void>>, done: string) => {
    if (busy) return;
    setBusy(true);
    setTold(null);
    const answer = await action();
    await load();
    setBusy(false);
    setTold(answer.ok ? { text: done, bad: false } : { text: problemOf(answer), bad: true });
  };

  return (
    <div class="devices-list">
      {list === null && told === null && <span class="device-skeleton" aria-hidden="true" />}
      <ul aria-label={words.account.devices} aria-busy={busy || undefined}>
        {list?.map((session) => (
          <Device
            key={session.id}
            session={session}
            signOut={() => void act(() => revokeSession(session.id), words.account.deviceSignedOut(session.device))}
          />
        ))}
      </ul>
      {told !== null && (
        <p class={`note told ${told.bad ? "text-danger" : ""}`} role={told.bad ? "alert" : "status"}>
          {told.text}
          {told.bad && list === null && (
            <button
              type="button"
              class="link"
              onClick={() => {
                setTold(null);
                void load();
              }}
            >
              {words.tryAgain}
            </button>
          )}
        </p>
      )}
      {(list?.length ?? 0) > 1 && (
        <button type="button" class="button" onClick={() => void act(revokeOtherSessions, words.account.othersSignedOut)}>
          {words.account.signOutOthers}
        </button>
      )}
    </div>
  );
}

function Device({ session, signOut }: { session: Session; signOut(): void }): JSX.Element {
  const Icon = PHONES.test(session.device) ? Smartphone : Laptop;
  return (
    <li class="device-row">
      <Icon size={20} aria-hidden="true" />
      <span class="device-words">
        <strong>{session.device}</strong>
        <span class="note">
          {session.current ? words.account.thisDevice : words.account.lastUsed(ago(session.used_at, Date.now()))},{" "}
          {words.account.since(date(session.created_at))}
        </span>
      </span>
      {!session.current && (
        <button type="button" class="button" aria-label={words.account.signOutDevice(session.device)} onClick={signOut}>
          {words.account.signOut}
        </button>
      )}
    </li>
  );
}
