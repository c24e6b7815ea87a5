/** Starting a meeting now: one click for a public one, a small menu for the other kinds. */
import { ChevronDown, Globe, Lock, Users, Video } from "lucide-preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { createRoom } from "../api";
import type { RoomKind } from "../protocol";
import { words } from "../text";
import { Menu } from "../view/menu";
import { problemOf, refusedFields } from "./errors";
import { KINDS } from "./plan";

const ICONS = { public: Globe, private: Lock, team: Users } as const;

export function NewMeetingMenu(): JSX.Element {
  const { home, kinds } = words;
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const begin = async (kind: RoomKind) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const answer = await createRoom({ kind });
    if (answer.ok && answer.value.room.code !== undefined) return route(`/m/${answer.value.room.code}`);
    setBusy(false);
    if (answer.ok) setProblem(words.errors.internal.title);
    else setProblem(refusedFields(answer).kind ?? problemOf(answer));
  };

  return (
    <div class="new-kind">
      <div class="split">
        <button
          type="button"
          class="button primary large"
          aria-busy={busy || undefined}
          onClick={() => void begin("public")}
        >
          <Video size={20} aria-hidden="true" />
          {home.newMeeting}
        </button>
        <Menu
          label={home.newKind}
          class="kind-menu"
          face={<ChevronDown size={20} aria-hidden="true" />}
          items={KINDS.map((kind) => ({
            label: home.newOf[kind],
            text: kinds[kind].means,
            icon: ICONS[kind],
            choose: () => void begin(kind),
          }))}
        />
      </div>
      {problem !== null && (
        <p class="note text-danger" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
