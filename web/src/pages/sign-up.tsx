/** Signing up: a name, an address, a password; then a mail proves the address. */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { FormBody, TextField, useForm } from "../account/form";
import { addressProblem } from "../account/form-errors";
import { Frame } from "../account/frame";
import { keepReturn } from "../account/kept-return";
import { MailSent } from "../account/mail-sent";
import { newPasswordProblem, PasswordField } from "../account/password-field";
import { ProviderButtons } from "../account/providers";
import { ownPath, signInPath } from "../account/return-path";
import { register, resend } from "../api";
import { NAME_CHARS } from "../protocol";
import { words } from "../text";

export default function SignUp(): JSX.Element {
  const back = ownPath(useLocation().query.return);
  const [typed, setTyped] = useState({ name: "", email: "" });
  const [sent, setSent] = useState<string | null>(null);

  const form = useForm({
    labels: { name: words.account.name, email: words.account.email, password: words.account.password },
    check: ({ name, email, password }) => ({
      name: name.trim() === "" ? words.account.nameMissing : null,
      email: addressProblem(email),
      password: newPasswordProblem(password),
    }),
    send: async ({ name, email, password }) => {
      const answer = await register({ name: name.trim(), email: email.trim(), password });
      if (!answer.ok) return answer;
      keepReturn(back);
      setTyped({ name, email });
      setSent(answer.value.email);
      return null;
    },
  });

  if (sent !== null) {
    return (
      <MailSent
        email={sent}
        lead={words.account.checkMailTo(sent)}
        send={(email) => resend({ email })}
        foot={
          <button type="button" class="link" onClick={() => setSent(null)}>
            {words.account.otherAddress}
          </button>
        }
      />
    );
  }
  return (
    <Frame
      title={words.account.signUpTitle}
      lead={words.account.signUpLead}
      foot={
        <>
          {words.account.haveAccount}{" "}
          <a class="link" href={signInPath(back)}>
            {words.account.signIn}
          </a>
        </>
      }
    >
      <FormBody form={form} submit={words.account.create}>
        <TextField
          form={form}
          name="name"
          autocomplete="name"
          maxLength={NAME_CHARS}
          placeholder={words.account.namePlaceholder}
          value={typed.name}
        />
        <TextField form={form} name="email" type="email" autocomplete="username" value={typed.email} />
        <PasswordField form={form} name="password" fresh />
      </FormBody>
      <ProviderButtons back={back} />
    </Frame>
  );
}
