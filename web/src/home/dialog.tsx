/** A dialog of the platform's own, open for as long as it is shown. */
import { X } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../text";
import { IconButton } from "../view/controls";

interface DialogProps {
  title: string;
  class?: string;
  children: ComponentChildren;
  onClose(): void;
}

export function Dialog({ title, children, onClose, ...props }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} class={`dialog sheet ${props.class ?? ""}`} aria-labelledby={id} onClose={onClose}>
      <header class="sheet-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon={X} label={words.close} onClick={onClose} class="quiet" />
      </header>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  /** What the button says that does it. */
  action: string;
  busy?: boolean;
  problem?: string | null;
  onConfirm(): void;
  onClose(): void;
}

/** Asks once, and says what will happen. */
export function Confirm(props: ConfirmProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      aria-describedby={`${id}-text`}
      onClose={props.onClose}
    >
      <h2 id={id}>{props.title}</h2>
      <p id={`${id}-text`}>{props.text}</p>
      {props.problem && (
        <p class="note text-danger" role="alert">
          {props.problem}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={props.onClose}>
          {words.cancel}
        </button>
        <button
          type="button"
          class="button danger-fill"
          aria-busy={props.busy || undefined}
          disabled={props.busy}
          onClick={props.onConfirm}
        >
          {props.action}
        </button>
      </div>
    </dialog>
  );
}
