/** How the person signs in: address, password, connected accounts. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { changePassword } from "../api";
import type { User } from "../protocol";
import type { Refused } from "../request";
import { words } from "../text";
import { FormBody, useForm } from "./form";
import { explain } from "./form-errors";
import { newPasswordProblem, PasswordField } from "./password-field";
import { profileChanged } from "./session";

export function Security({ user, passwordSaved }: { user: User; passwordSaved(): void }): JSX.Element {
  const [saved, setSaved] = useState(0);
  return (
    <>
      <dl class="facts">
        <dt>{words.account.email}</dt>
        <dd>{user.email}</dd>
      </dl>
      <PasswordForm
        key={saved}
        user={user}
        told={saved > 0 ? words.account.passwordSaved : ""}
        saved={() => {
          setSaved(saved + 1);
          if (!user.has_password) profileChanged({ ...user, has_password: true });
          passwordSaved();
        }}
      />
      <Providers user={user} />
    </>
  );
}

function PasswordForm({ user, told, saved }: { user: User; told: string; saved(): void }): JSX.Element {
  const form = useForm({
    labels: { current: words.account.currentPassword, password: words.account.newPassword },
    check: ({ current, password }) => ({
      current: user.has_password && current === "" ? words.account.passwordMissing : null,
      password: newPasswordProblem(password),
    }),
    send: async ({ current, password }) => {
      const answer = await changePassword({ password, ...(user.has_password && { current }) });
      if (!answer.ok) return answer;
      saved();
      return null;
    },
    explain: (refused: Refused) =>
      refused.code === "invalid_credentials"
        ? { fields: { current: words.account.currentWrong }, problem: null, wait: null }
        : explain(refused, { current: words.account.currentPassword, password: words.account.newPassword }),
  });
  return (
    <FormBody
      form={form}
      tone=""
      submit={user.has_password ? words.account.changePassword : words.account.setPassword}
      done={told}
    >
      {/* Tells password managers whose password it is. */}
      <input type="email" name="username" autoComplete="username" value={user.email} readOnly hidden />
      {user.has_password && <PasswordField form={form} name="current" />}
      <PasswordField form={form} name="password" fresh />
    </FormBody>
  );
}

function Providers({ user }: { user: User }): JSX.Element | null {
  if (user.providers.length === 0) return null;
  return (
    <section class="connected">
      <h3>{words.account.providers}</h3>
      <ul>
        {user.providers.map((provider) => (
          <li key={provider}>
            <span>{words.account.providerName(provider)}</span>
            <span class="tag">{words.account.connected}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
