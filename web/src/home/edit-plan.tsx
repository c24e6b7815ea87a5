/** Changing what was planned. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ChangeRoom, RoomDetails } from "../protocol";
import type { Answer } from "../request";
import { words } from "../text";
import { inWords, problemOf, refusedFields } from "./errors";
import { ownZone } from "./instant";
import { difference, planOf, wrongWith } from "./plan";
import { type FieldErrors, PlanFields } from "./plan-fields";

interface EditPlanProps {
  room: RoomDetails;
  change(body: ChangeRoom): Promise<Answer<RoomDetails>>;
  /** `changed`: something was saved. */
  onClose(changed: boolean): void;
}

export function EditPlan({ room, change, onClose }: EditPlanProps): JSX.Element {
  const { planned } = words;
  const [plan, setPlan] = useState(() => planOf(room, ownZone()));
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const scheduled = room.starts_at !== undefined;

  const refuse = (found: FieldErrors) => {
    setErrors(found);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const body = difference(plan, room);
    if (body === null) return onClose(false);
    setProblem(null);
    const wrong = wrongWith(plan, [], Date.now());
    // A meeting under way began in the past, and may keep its beginning.
    if (!scheduled || body.starts_at === undefined) {
      delete wrong.date;
      delete wrong.time;
    }
    const found = inWords(wrong);
    refuse(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const answer = await change(body);
    setBusy(false);
    if (answer.ok) return onClose(true);
    const fields = refusedFields(answer);
    refuse(fields);
    if (Object.keys(fields).length === 0) setProblem(problemOf(answer));
  };

  return (
    <form ref={form} class="plate" onSubmit={(event) => void submit(event)} noValidate>
      <PlanFields plan={plan} errors={errors} scheduled={scheduled} onChange={setPlan} />
      {problem !== null && (
        <p class="banner danger" role="alert">
          {problem}
        </p>
      )}
      <div class="plate-foot">
        <button type="button" class="button" onClick={() => onClose(false)}>
          {words.cancel}
        </button>
        <button type="submit" class="button primary" aria-busy={busy || undefined}>
          {busy ? planned.saving : planned.save}
        </button>
      </div>
    </form>
  );
}
