/** A new password: first a link by mail, then, with the link's token, the password. */
import { CircleCheck } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { AskForMail } from "../account/ask-for-mail";
import { FormBody, useForm } from "../account/form";
import { useFragment } from "../account/fragment";
import { Frame } from "../account/frame";
import { newPasswordProblem, PasswordField } from "../account/password-field";
import { forgot, resetPassword } from "../api";
import type { Token } from "../protocol";
import { words } from "../text";

const { account } = words;

export default function Reset(): JSX.Element {
  const fragment = useFragment();
  const token = fragment.kind === "token" ? fragment.token : null;
  /** The token that turned out not to work. */
  const [spent, setSpent] = useState<Token | null>(null);
  const [done, setDone] = useState(false);

  if (done) {
    return (
      <Frame
        announce
        title={account.passwordChanged}
        lead={account.passwordChangedNext}
        icon={<CircleCheck size={26} class="good" aria-hidden="true" />}
      >
        <a class="button primary large wide" href="/signin">
          {account.signIn}
        </a>
      </Frame>
    );
  }
  if (token !== null && token !== spent) {
    return <NewPassword key={token} token={token} done={() => setDone(true)} over={() => setSpent(token)} />;
  }
  return (
    <AskForMail
      title={spent === null ? account.resetTitle : account.linkOver}
      lead={spent === null ? account.resetLead : account.linkOverNext}
      submit={account.resetSend}
      send={(email) => forgot({ email })}
      sentLead={account.checkMailReset}
    />
  );
}

function NewPassword(props: { token: Token; done(): void; over(): void }): JSX.Element {
  const form = useForm({
    labels: { password: account.newPassword },
    check: ({ password }) => ({ password: newPasswordProblem(password) }),
    send: async ({ password }) => {
      const answer = await resetPassword({ token: props.token, password });
      if (answer.ok) props.done();
      else if (answer.code === "invalid_token" || answer.fields.token !== undefined) props.over();
      else return answer;
      return null;
    },
  });
  return (
    <Frame title={account.resetTitle} lead={account.resetToken}>
      <FormBody form={form} submit={account.savePassword}>
        <PasswordField form={form} name="password" fresh />
      </FormBody>
    </Frame>
  );
}
