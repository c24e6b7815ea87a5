/** Somebody calls: who, and the two answers. Over everything else on the page, for as long as it rings. */
import { Phone, PhoneOff } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { startRinging } from "../media/ringing";
import type { IncomingCall } from "../protocol";
import { words } from "../text";
import { Avatar } from "../view/avatar";
import type { Ringing } from "./state";

interface IncomingProps {
  calls: readonly Ringing[];
  onAccept(call: IncomingCall): void;
  onDecline(call: IncomingCall): void;
}

export function Incoming({ calls, onAccept, onDecline }: IncomingProps): JSX.Element | null {
  if (calls.length === 0) return null;
  return <Card calls={calls} onAccept={onAccept} onDecline={onDecline} />;
}

function Card({ calls, onAccept, onDecline }: IncomingProps): JSX.Element {
  const { calling } = words;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => startRinging(), []);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Not a button: whoever types at this moment must not answer by it.
    heading.current?.focus();
    return () => element?.close();
  }, []);
  const [first] = calls;
  const title = calls.length === 1 && first ? calling.incoming(first.call.name) : calling.several(calls.length);
  return (
    <dialog
      ref={dialog}
      class="incoming"
      role="alertdialog"
      aria-labelledby={id}
      onCancel={(event) => event.preventDefault()}
      onClose={(event) => {
        // Browsers close on a second Escape whatever a page says; the call still rings.
        if (event.currentTarget.isConnected) event.currentTarget.showModal();
      }}
    >
      <h2 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <ul>
        {calls.map(({ call }) => (
          <li key={call.id}>
            <span class="incoming-who">
              <span class="incoming-face">
                <Avatar id={call.email} name={call.name} />
              </span>
              <span class="asking">
                <strong>{call.name}</strong>
                <span class="note">{call.email}</span>
              </span>
            </span>
            <span class="incoming-answers">
              <button
                type="button"
                class="button danger-fill"
                aria-label={calls.length > 1 ? calling.declineName(call.name) : undefined}
                onClick={() => onDecline(call)}
              >
                <PhoneOff size={18} aria-hidden="true" />
                {calling.decline}
              </button>
              <button
                type="button"
                class="button good-fill"
                aria-label={calls.length > 1 ? calling.acceptName(call.name) : undefined}
                onClick={() => onAccept(call)}
              >
                <Phone size={18} aria-hidden="true" />
                {calling.accept}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </dialog>
  );
}
