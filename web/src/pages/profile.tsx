/** The person's own account: how others see them, how they sign in, where, and leaving. */
import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Devices } from "../account/devices";
import type { SignedInProps } from "../account/gate";
import { Leaving } from "../account/leaving";
import { ProfileForm } from "../account/profile-form";
import { Security } from "../account/security";
import { words } from "../text";
import { Page, useTitle } from "../view/page";
import "../styles/account.css";

export default function Profile({ user }: SignedInProps): JSX.Element {
  useTitle(words.account.profile);
  const [passwords, setPasswords] = useState(0);
  return (
    <Page class="profile-page">
      <header class="profile-head">
        <h1>{words.account.profile}</h1>
        <p class="muted">{words.account.profileLead}</p>
      </header>
      <Section title={words.account.you} lead={words.account.youLead}>
        <ProfileForm user={user} />
      </Section>
      <Section title={words.account.security} lead={words.account.securityLead}>
        <Security user={user} passwordSaved={() => setPasswords(passwords + 1)} />
      </Section>
      <Section title={words.account.devices} lead={words.account.devicesLead}>
        <Devices version={passwords} />
      </Section>
      <Section title={words.account.leave} lead={words.account.leaveLead}>
        <Leaving user={user} />
      </Section>
    </Page>
  );
}

function Section(props: { title: string; lead: string; children: ComponentChildren }): JSX.Element {
  const id = useId();
  return (
    <section class="profile-section" aria-labelledby={id}>
      <div class="profile-words">
        <h2 id={id}>{props.title}</h2>
        <p class="note">{props.lead}</p>
      </div>
      <div class="profile-body">{props.children}</div>
    </section>
  );
}
