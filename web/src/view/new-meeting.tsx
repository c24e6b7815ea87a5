/** Starting a meeting: the button, and leading the person to it. */
import { Video } from "lucide-preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { createRoom } from "../api";
import { keepHostSecret } from "../storage";
import { words } from "../text";

export function NewMeeting(props: { label?: string }): JSX.Element {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const begin = async () => {
    setBusy(true);
    setProblem(null);
    const answer = await createRoom({});
    if (answer.ok) {
      const { room, host_secret } = answer.value;
      if (room.code !== undefined) {
        if (host_secret !== undefined) keepHostSecret(room.code, host_secret);
        route(`/m/${room.code}`);
        return;
      }
    }
    const { title, next } = words.errors[answer.ok ? "internal" : answer.code];
    setProblem(`${title}. ${next}`);
    setBusy(false);
  };

  return (
    <div class="new-meeting">
      <button
        type="button"
        class="button primary large"
        aria-busy={busy || undefined}
        disabled={busy}
        onClick={() => void begin()}
      >
        <Video size={20} aria-hidden="true" />
        {busy ? words.landing.starting : (props.label ?? words.landing.newMeeting)}
      </button>
      {problem !== null && (
        <p class="note text-danger" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
