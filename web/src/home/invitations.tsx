/** Who is invited, whether their mail went out, who leads the meeting too; and inviting more. */
import { CircleAlert, Clock, MailCheck, Send, Star, StarOff, X } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ChangeRoom, Invitation, RoomDetails } from "../protocol";
import type { Answer } from "../request";
import { words } from "../text";
import { Avatar } from "../view/avatar";
import { AddressField, none, settled } from "./address-field";
import { inWords, problemOf, refusedFields } from "./errors";
import { wrongInvitations } from "./plan";

interface InvitationsProps {
  room: RoomDetails;
  over: boolean;
  change(body: ChangeRoom): Promise<Answer<RoomDetails>>;
}

export function Invitations({ room, over, change }: InvitationsProps): JSX.Element {
  const { planned } = words;
  const invitations = room.invitations ?? [];
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const apply = async (email: string, body: ChangeRoom) => {
    if (busy !== null) return;
    setBusy(email);
    setProblem(null);
    const answer = await change(body);
    setBusy(null);
    if (!answer.ok) setProblem(problemOf(answer));
  };
  const cohosts = invitations.filter(({ cohost }) => cohost).map(({ email }) => email);
  const lead = (email: string, cohost: boolean) =>
    apply(email, { cohosts: cohost ? [...cohosts, email] : cohosts.filter((one) => one !== email) });

  return (
    <section class="plate">
      <h2 id="invited">{planned.people}</h2>
      {invitations.length === 0 && <p class="muted">{planned.nobody}</p>}
      {invitations.length > 0 && (
        <ul class="people" aria-labelledby="invited">
          {invitations.map((invitation) => (
            <Invited
              key={invitation.email}
              invitation={invitation}
              fixed={over}
              busy={busy === invitation.email}
              onLead={(cohost) => void lead(invitation.email, cohost)}
              onRemove={() => void apply(invitation.email, { uninvite: [invitation.email] })}
            />
          ))}
        </ul>
      )}
      {problem !== null && (
        <p class="note text-danger" role="alert">
          {problem}
        </p>
      )}
      {!over && <InviteMore count={invitations.length} change={change} />}
    </section>
  );
}

interface InvitedProps {
  invitation: Invitation;
  fixed: boolean;
  busy: boolean;
  onLead(cohost: boolean): void;
  onRemove(): void;
}

function Invited({ invitation, fixed, busy, onLead, onRemove }: InvitedProps): JSX.Element {
  const { planned } = words;
  const { email, cohost, delivery } = invitation;
  const Icon = { sending: Clock, sent: MailCheck, failed: CircleAlert }[delivery];
  const lead = cohost ? planned.noCohostName(email) : planned.makeCohostName(email);
  return (
    <li class="person" aria-busy={busy || undefined}>
      <Avatar id={email} name={email} />
      <span class="asking">
        <strong>{email}</strong>
        <span class={`note delivery-${delivery}`}>
          <Icon size={14} aria-hidden="true" />
          {planned.delivery[delivery]}
        </span>
      </span>
      {cohost && <span class="tag">{planned.cohost}</span>}
      {!fixed && (
        <span class="invited-actions">
          <button type="button" class="button plain icon" aria-label={lead} title={lead} onClick={() => onLead(!cohost)}>
            {cohost ? <StarOff size={18} aria-hidden="true" /> : <Star size={18} aria-hidden="true" />}
          </button>
          <button
            type="button"
            class="button plain icon"
            aria-label={planned.removeName(email)}
            title={planned.remove}
            onClick={onRemove}
          >
            <X size={18} aria-hidden="true" />
          </button>
        </span>
      )}
    </li>
  );
}

function InviteMore({ count, change }: { count: number; change: InvitationsProps["change"] }): JSX.Element {
  const { planned, schedule } = words;
  const [value, setValue] = useState(none);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const all = settled(value);
    setValue(all);
    if (all.chips.length === 0) return setError(planned.inviteNobody);
    const wrong = inWords(wrongInvitations(all.chips, count));
    setError(wrong.invite ?? null);
    if (wrong.invite !== undefined) return;
    setBusy(true);
    const answer = await change({ invite: [...all.chips] });
    setBusy(false);
    if (answer.ok) setValue(none);
    else setError(refusedFields(answer).invite ?? problemOf(answer));
  };

  return (
    <form class="invite-more" onSubmit={(event) => void submit(event)} noValidate>
      <AddressField label={schedule.invite} value={value} error={error} onChange={setValue} />
      <button type="submit" class="button" aria-busy={busy || undefined}>
        <Send size={16} aria-hidden="true" />
        {planned.sendInvitations}
      </button>
    </form>
  );
}
