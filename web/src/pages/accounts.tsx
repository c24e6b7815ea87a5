/** Where accounts will be: says that there are none on this server, and how to meet without. */
import { UserRound } from "lucide-preact";
import type { JSX } from "preact";
import { words } from "../text";
import { NewMeeting } from "../view/new-meeting";
import { Statement } from "../view/page";

export function Accounts({ page }: { page: "signIn" | "signUp" }): JSX.Element {
  return (
    <Statement
      key={page}
      title={words.accounts.unavailable}
      next={words.accounts.next}
      icon={<UserRound size={28} aria-hidden="true" />}
    >
      <NewMeeting />
      <a class="button large" href="/">
        {words.accounts.home}
      </a>
    </Statement>
  );
}
