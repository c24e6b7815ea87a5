/** Raising one's hand and reacting: what a person says without words. */
import { Hand, SmilePlus } from "lucide-preact";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Call } from "../call/effects";
import type { Rights } from "../call/rights";
import { words } from "../text";
import { forward } from "./direction";
import { IconButton } from "./controls";
import type { CallViewProps } from "./in-meeting";
import { EMOJI, REACTIONS } from "./reactions";
import { KEYS } from "./shortcuts";

export function HandButton({ call, meeting }: CallViewProps): JSX.Element {
  const raised = isRaised(meeting);
  return (
    <IconButton
      icon={Hand}
      label={raised ? words.hands.lower : words.hands.raise}
      shortcut={KEYS.hand}
      tone={raised ? "on" : "plain"}
      onClick={() => turnHand({ call, meeting })}
    />
  );
}

export function turnHand({ call, meeting }: CallViewProps): void {
  call.ask({ type: "raise_hand", raised: !isRaised(meeting) });
}

function isRaised({ room, you }: CallViewProps["meeting"]): boolean {
  return room.participants.some(({ id, hand_raised_at }) => id === you && hand_raised_at !== undefined);
}

interface ReactProps {
  rights: Rights;
  open: boolean;
  onToggle(): void;
}

export function ReactButton({ rights, open, onToggle }: ReactProps): JSX.Element {
  return (
    <IconButton
      icon={SmilePlus}
      label={words.reacting.react}
      shortcut={KEYS.react}
      expanded={open}
      refusal={rights.react ? null : words.refused.react}
      onClick={onToggle}
    />
  );
}

/** The reactions to choose from. They stay for another one until Escape or a click elsewhere. */
export function Reactions({ call, onClose }: { call: Call; onClose(): void }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  // Before the next key: whoever opens them and presses an arrow at once means the list's.
  useLayoutEffect(() => {
    const before = document.activeElement;
    list.current?.querySelector("button")?.focus();
    const outside = ({ target }: PointerEvent) => {
      if (!(target instanceof Element) || list.current?.contains(target)) return;
      // The button that opened them closes them itself.
      if (target.closest("[aria-expanded=true]") === null) onClose();
    };
    addEventListener("pointerdown", outside);
    const inside = list.current;
    return () => {
      removeEventListener("pointerdown", outside);
      if (inside?.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
    };
  }, [onClose]);

  const press = (event: KeyboardEvent) => {
    const all = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = all.findIndex((button) => button === document.activeElement);
    const last = all.length - 1;
    const next = {
      ArrowRight: at + all.length + forward(),
      ArrowLeft: at + all.length - forward(),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") onClose();
    else if (next !== undefined) all[next % all.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={list} class="reactions" role="toolbar" aria-label={words.reacting.title} onKeyDown={press}>
      {REACTIONS.map((reaction) => (
        <button
          key={reaction}
          type="button"
          aria-label={words.reacting.names[reaction]}
          title={words.reacting.names[reaction]}
          onClick={() => call.ask({ type: "react", reaction })}
        >
          <span aria-hidden="true">{EMOJI[reaction]}</span>
        </button>
      ))}
    </div>
  );
}
