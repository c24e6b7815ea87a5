/** The header's end: ways in for visitors, the person's own menu for everyone else. */
import { House, LogOut, Settings } from "lucide-preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { signInPath } from "../account/return-path";
import { session, signOut } from "../account/session";
import type { User } from "../protocol";
import { words } from "../text";
import { UserAvatar } from "./avatar";
import { Menu } from "./menu";

export function AccountActions(): JSX.Element | null {
  const state = session.value;
  const { url } = useLocation();
  switch (state.kind) {
    case "unknown":
      return null;
    case "in":
      return <AccountMenu user={state.user} />;
    case "out":
      return (
        <>
          <a class="button plain" href={signInPath(url)}>
            {words.account.signIn}
          </a>
          <a class="button" href="/signup">
            {words.account.signUp}
          </a>
        </>
      );
  }
}

function AccountMenu({ user }: { user: User }): JSX.Element {
  const [failed, setFailed] = useState(false);
  const { account, errors } = words;
  const leave = async () => {
    const answer = await signOut();
    setFailed(!answer.ok);
  };
  return (
    <>
      {failed && (
        <p class="header-problem" role="alert">
          {errors.unreachable.title}
        </p>
      )}
      <Menu
        label={account.menu(user.name)}
        face={<UserAvatar user={user} />}
        class="account-menu"
        head={
          <p class="menu-head" role="presentation">
            <strong>{user.name}</strong>
            <span class="note">{user.email}</span>
          </p>
        }
        items={[
          { label: account.goHome, icon: House, href: "/home" },
          { label: account.goProfile, icon: Settings, href: "/profile" },
          { label: account.signOut, icon: LogOut, choose: () => void leave() },
        ]}
      />
    </>
  );
}
