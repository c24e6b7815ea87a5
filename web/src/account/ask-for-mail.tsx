/** A form that asks for an address and sends a link there. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { EmailAddress, MailSent as Sent } from "../protocol";
import type { Answer } from "../request";
import { words } from "../text";
import { FormBody, TextField, useForm } from "./form";
import { addressProblem } from "./form-errors";
import { Frame } from "./frame";
import { MailSent } from "./mail-sent";

interface AskForMailProps {
  title: string;
  lead: string;
  submit: string;
  send(email: EmailAddress): Promise<Answer<Sent>>;
  sentLead(email: EmailAddress): string;
  icon?: ComponentChildren;
}

export function AskForMail(props: AskForMailProps): JSX.Element {
  const [sent, setSent] = useState<EmailAddress | null>(null);
  const form = useForm({
    labels: { email: words.account.email },
    check: ({ email }) => ({ email: addressProblem(email) }),
    send: async ({ email }) => {
      const answer = await props.send(email.trim());
      if (!answer.ok) return answer;
      setSent(answer.value.email);
      return null;
    },
  });
  const foot = (
    <a class="link" href="/signin">
      {words.account.backToSignIn}
    </a>
  );
  if (sent !== null) return <MailSent email={sent} lead={props.sentLead(sent)} send={props.send} foot={foot} />;
  return (
    <Frame title={props.title} lead={props.lead} icon={props.icon} foot={foot}>
      <FormBody form={form} submit={props.submit}>
        <TextField form={form} name="email" type="email" autocomplete="username" />
      </FormBody>
    </Frame>
  );
}
