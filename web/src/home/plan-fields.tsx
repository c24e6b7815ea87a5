/** The fields of a plan, as the schedule dialog and the meeting's page have them. */
import { Globe } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { TITLE_CHARS } from "../protocol";
import { words } from "../text";
import { Field } from "../view/controls";
import { ownZone, wallOf, zones } from "./instant";
import { DURATIONS, KINDS, type Plan, startOf } from "./plan";
import { duration, zoneName } from "./when";

/** Words about each field, where something is wrong. */
export type FieldErrors = Partial<Record<"title" | "date" | "time" | "duration" | "kind" | "invite", string>>;

interface PlanFieldsProps {
  plan: Plan;
  errors: FieldErrors;
  /** An instant meeting has no time to choose. */
  scheduled: boolean;
  onChange(plan: Plan): void;
}

export function PlanFields({ plan, errors, scheduled, onChange }: PlanFieldsProps): JSX.Element {
  const { schedule } = words;
  const change = (part: Partial<Plan>) => onChange({ ...plan, ...part });
  return (
    <>
      <Field label={schedule.title} error={errors.title ?? null}>
        {({ id, describedBy, invalid }) => (
          <input
            id={id}
            name="title"
            type="text"
            maxLength={TITLE_CHARS * 2}
            autoComplete="off"
            placeholder={schedule.titlePlaceholder}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            value={plan.title}
            onInput={(event) => change({ title: event.currentTarget.value })}
          />
        )}
      </Field>
      {scheduled && <When plan={plan} errors={errors} onChange={change} />}
      <Field label={schedule.kind} error={errors.kind ?? null}>
        {({ id, invalid }) => (
          <>
            <select
              id={id}
              name="kind"
              aria-describedby={`${id}-means`}
              aria-invalid={invalid}
              value={plan.kind}
              onChange={({ currentTarget }) =>
                change({ kind: KINDS.find((kind) => kind === currentTarget.value) ?? plan.kind })
              }
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {words.kinds[kind].name}
                </option>
              ))}
            </select>
            <p id={`${id}-means`} class="note">
              {words.kinds[plan.kind].means}
            </p>
          </>
        )}
      </Field>
    </>
  );
}

interface WhenProps {
  plan: Plan;
  errors: FieldErrors;
  onChange(part: Partial<Plan>): void;
}

function When({ plan, errors, onChange }: WhenProps): JSX.Element {
  const { schedule } = words;
  const start = startOf(plan);
  const durations = DURATIONS.includes(plan.minutes)
    ? DURATIONS
    : [...DURATIONS, plan.minutes].sort((one, other) => one - other);
  return (
    <>
      <div class="plan-when">
        <Field label={schedule.date} error={errors.date ?? null}>
          {({ id, describedBy, invalid }) => (
            <input
              id={id}
              name="date"
              type="date"
              required
              min={wallOf(Date.now(), plan.zone).date}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              value={plan.date}
              onInput={(event) => onChange({ date: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={schedule.time} error={errors.time ?? null}>
          {({ id, describedBy, invalid }) => (
            <input
              id={id}
              name="time"
              type="time"
              required
              aria-describedby={describedBy}
              aria-invalid={invalid}
              value={plan.time}
              onInput={(event) => onChange({ time: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={schedule.duration} error={errors.duration ?? null}>
          {({ id, describedBy, invalid }) => (
            <select
              id={id}
              name="duration"
              aria-describedby={describedBy}
              aria-invalid={invalid}
              value={String(plan.minutes)}
              onChange={(event) => onChange({ minutes: Number(event.currentTarget.value) })}
            >
              {durations.map((minutes) => (
                <option key={minutes} value={String(minutes)}>
                  {duration(minutes)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Zone zone={plan.zone} at={start?.at ?? Date.now()} onChange={(zone) => onChange({ zone })} />
      {start && start.kind !== "exact" && (
        <p class="banner" role="status">
          {start.kind === "skipped" ? schedule.skipped(wallOf(start.at, plan.zone).time) : schedule.repeated}
        </p>
      )}
    </>
  );
}

/** Most people never change it: the zone is one line until somebody wants to. */
function Zone({ zone, at, onChange }: { zone: string; at: number; onChange(zone: string): void }): JSX.Element {
  const [open, setOpen] = useState(zone !== ownZone());
  const { schedule } = words;
  if (!open) {
    return (
      <p class="zone note">
        <Globe size={14} aria-hidden="true" />
        <span>{zoneName(zone, at)}</span>
        <button type="button" class="link" onClick={() => setOpen(true)}>
          {schedule.changeZone}
        </button>
      </p>
    );
  }
  const known = zones();
  return (
    <Field label={schedule.zone} hint={zoneName(zone, at)}>
      {({ id, describedBy }) => (
        <select
          id={id}
          name="zone"
          aria-describedby={describedBy}
          value={zone}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {(known.includes(zone) ? known : [zone, ...known]).map((name) => (
            <option key={name} value={name}>
              {name.replaceAll("_", " ")}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
