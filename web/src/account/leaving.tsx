/** Signing out, and deleting the account after it was asked for by name. */
import { LogOut } from "lucide-preact";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { deleteAccount } from "../api";
import type { User } from "../protocol";
import { words } from "../text";
import { FormBody, TextField, useForm } from "./form";
import { problemOf } from "./form-errors";
import { forgetAccount, signOut } from "./session";

export function Leaving({ user }: { user: User }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [opened, setOpened] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const leave = async () => {
    const answer = await signOut();
    if (!answer.ok) setProblem(problemOf(answer));
  };
  return (
    <div class="leaving">
      <button type="button" class="button" onClick={() => void leave()}>
        <LogOut size={18} aria-hidden="true" />
        {words.account.signOut}
      </button>
      <button
        type="button"
        class="button danger"
        onClick={() => {
          setOpened(opened + 1);
          dialog.current?.showModal();
        }}
      >
        {words.account.deleteAccount}
      </button>
      {problem !== null && (
        <p class="note text-danger" role="alert">
          {problem}
        </p>
      )}
      <dialog ref={dialog} class="dialog" aria-labelledby="delete-title" aria-describedby="delete-text">
        <h2 id="delete-title">{words.account.deleteTitle}</h2>
        <p id="delete-text">{words.account.deleteText}</p>
        <DeleteForm key={opened} user={user} cancel={() => dialog.current?.close()} />
      </dialog>
    </div>
  );
}

function DeleteForm({ user, cancel }: { user: User; cancel(): void }): JSX.Element {
  const form = useForm({
    labels: { confirm: words.account.deleteAsk(user.email) },
    check: ({ confirm }) => ({
      confirm: confirm.trim().toLowerCase() === user.email ? null : words.account.deleteMismatch,
    }),
    send: async () => {
      const answer = await deleteAccount();
      if (!answer.ok) return answer;
      forgetAccount();
      return null;
    },
  });
  return (
    <FormBody
      form={form}
      submit={words.account.deleteConfirm}
      class="delete-form"
      tone="danger-fill"
      beside={
        <button type="button" class="button large" onClick={cancel}>
          {words.cancel}
        </button>
      }
    >
      <TextField form={form} name="confirm" type="email" autocomplete="off" />
    </FormBody>
  );
}
