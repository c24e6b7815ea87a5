/** Planning a meeting, and what to do with it once it is planned. */
import { CalendarCheck } from "lucide-preact";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { createRoom } from "../api";
import type { RoomDetails } from "../protocol";
import { words } from "../text";
import { CopyLink } from "../view/copy-link";
import { AddressField, none, settled } from "./address-field";
import { AddToCalendar } from "./calendar";
import { Dialog } from "./dialog";
import { inWords, problemOf, refusedFields } from "./errors";
import { ownZone } from "./instant";
import { creation, freshPlan, wrongWith } from "./plan";
import { type FieldErrors, PlanFields } from "./plan-fields";
import { fully } from "./when";

export function ScheduleDialog({ onClose }: { onClose(): void }): JSX.Element {
  const [created, setCreated] = useState<RoomDetails | null>(null);
  return (
    <Dialog title={words.schedule.heading} onClose={onClose}>
      {created === null ? <Form onCreated={setCreated} onClose={onClose} /> : <Result room={created} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ onCreated, onClose }: { onCreated(room: RoomDetails): void; onClose(): void }): JSX.Element {
  const { schedule } = words;
  const [plan, setPlan] = useState(() => freshPlan(Date.now(), ownZone()));
  const [invite, setInvite] = useState(none);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const refuse = (found: FieldErrors) => {
    setErrors(found);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]:is(input, select)")?.focus());
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const all = settled(invite);
    setInvite(all);
    setProblem(null);
    const found = inWords(wrongWith(plan, all.chips, Date.now()));
    refuse(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const answer = await createRoom(creation(plan, all.chips));
    setBusy(false);
    if (answer.ok) return onCreated({ ...answer.value.room, invitations: answer.value.room.invitations ?? [] });
    const fields = refusedFields(answer);
    refuse(fields);
    if (Object.keys(fields).length === 0) setProblem(problemOf(answer));
  };

  return (
    <form ref={form} class="sheet-form" onSubmit={(event) => void submit(event)} noValidate>
      <div class="sheet-body">
        <PlanFields plan={plan} errors={errors} scheduled onChange={setPlan} />
        <AddressField
          label={schedule.invite}
          hint={schedule.inviteHint}
          value={invite}
          error={errors.invite ?? null}
          onChange={setInvite}
        />
        {problem !== null && (
          <p class="banner danger" role="alert">
            {problem}
          </p>
        )}
      </div>
      <footer class="sheet-foot">
        <button type="button" class="button" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="submit" class="button primary" aria-busy={busy || undefined}>
          {busy ? schedule.creating : schedule.create}
        </button>
      </footer>
    </form>
  );
}

function Result({ room, onClose }: { room: RoomDetails; onClose(): void }): JSX.Element {
  const { schedule } = words;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const invited = room.invitations?.length ?? 0;
  const link = room.link ?? "";
  return (
    <div class="sheet-form">
      <div class="sheet-body">
        <div class="planned-result">
          <span class="planned-mark" aria-hidden="true">
            <CalendarCheck size={24} />
          </span>
          <h3 ref={heading} tabIndex={-1}>
            {schedule.created}
          </h3>
          <p>
            <strong>
              <bdi>{room.title}</bdi>
            </strong>
          </p>
          <p class="muted">{fully(room, room.time_zone ?? ownZone())}</p>
          {invited > 0 && <p class="muted">{schedule.invitedNow(invited)}</p>}
        </div>
        <input
          type="text"
          readOnly
          aria-label={schedule.link}
          value={link}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyLink link={link} class="primary wide" />
        <AddToCalendar room={room} />
      </div>
      <footer class="sheet-foot">
        <button type="button" class="button" onClick={onClose}>
          {schedule.done}
        </button>
      </footer>
    </div>
  );
}
