/** After a mail went out: where it went, and sending it again. */
import { MailCheck } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { EmailAddress, MailSent as Sent } from "../protocol";
import type { Answer } from "../request";
import { words } from "../text";
import { problemOf } from "./form-errors";
import { Frame } from "./frame";

interface MailSentProps {
  lead: string;
  email: EmailAddress;
  send(email: EmailAddress): Promise<Answer<Sent>>;
  foot?: ComponentChildren;
}

export function MailSent({ lead, email, send, foot }: MailSentProps): JSX.Element {
  return (
    <Frame
      announce
      title={words.account.checkMail}
      lead={lead}
      icon={<MailCheck size={26} aria-hidden="true" />}
      {...(foot !== undefined && { foot })}
    >
      <p class="note">
        {words.account.notThere} <SendAgain email={email} send={send} />
      </p>
    </Frame>
  );
}

export function SendAgain(props: {
  email: EmailAddress;
  send(email: EmailAddress): Promise<Answer<Sent>>;
  label?: string;
}): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const again = async () => {
    if (busy) return;
    setBusy(true);
    setTold("");
    const answer = await props.send(props.email);
    setBusy(false);
    setTold(answer.ok ? words.account.sentAgain : problemOf(answer));
  };
  return (
    <>
      <button type="button" class="link" aria-busy={busy || undefined} onClick={() => void again()}>
        {props.label ?? words.account.sendAgain}
      </button>
      <span class="told" role="status">
        {told}
      </span>
    </>
  );
}
