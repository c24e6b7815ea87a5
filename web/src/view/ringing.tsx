/** What a caller sees while it rings elsewhere, and when nobody answered. The same whoever is called. */
import { MailCheck, Phone } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { outgoing, stopRinging } from "../home/ringing";
import { words } from "../text";

interface RingingNoticeProps {
  code: string;
  /** People in the meeting besides the caller. */
  others: number;
}

export function RingingNotice({ code, others }: RingingNoticeProps): JSX.Element | null {
  const call = outgoing.value?.code === code ? outgoing.value : null;
  const ringing = useUntil(call?.until ?? 0);
  useEffect(() => {
    if (others > 0) stopRinging(code);
  }, [code, others]);
  if (call === null || others > 0) return null;
  const { calling } = words;
  const Icon = ringing ? Phone : MailCheck;
  return (
    <div class={ringing ? "ringing" : "ringing over"} role="status">
      <span class="ringing-mark" aria-hidden="true">
        <Icon size={20} />
      </span>
      <span class="asking">
        <strong>{ringing ? calling.ringing(call.whom) : calling.unanswered}</strong>
        <span>{ringing ? calling.ringingNext : calling.unansweredNext(call.whom)}</span>
      </span>
    </div>
  );
}

/** True until then. */
function useUntil(until: number): boolean {
  const [over, setOver] = useState(until);
  useEffect(() => {
    const left = until - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => setOver(0), left);
    setOver(until);
    return () => clearTimeout(timer);
  }, [until]);
  return over === until && until > Date.now();
}
