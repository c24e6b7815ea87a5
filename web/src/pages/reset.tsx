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
        title={words.account.passwordChanged}
        lead={words.account.passwordChangedNext}
        icon={<CircleCheck size={26} class="good" aria-hidden="true" />}
      >
        <a class="button primary large wide" href="/signin">
          {words.account.signIn}
        </a>
      </Frame>
    );
  }
  if (token !== null && token !== spent) {
    return <NewPassword key={token} token={token} done={() => setDone(true)} over={() => setSpent(token)} />;
  }
  return (
    <AskForMail
      title={spent === null ? words.account.resetTitle : words.account.linkOver}
      lead={spent === null ? words.account.resetLead : words.account.linkOverNext}
      submit={words.account.resetSend}
      send={(email) => forgot({ email })}
      sentLead={words.account.checkMailReset}
    />
  );
}

function NewPassword(props: { token: Token; done(): void; over(): void }): JSX.Element {
  const form = useForm({
    labels: { password: words.account.newPassword },
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
    <Frame title={words.account.resetTitle} lead={words.account.resetToken}>
      <FormBody form={form} submit={words.account.savePassword}>
        <PasswordField form={form} name="password" fresh />
      </FormBody>
    </Frame>
  );
}
