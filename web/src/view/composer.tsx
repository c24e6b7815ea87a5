/** Where a message is written, and to whom it goes. */
import { SendHorizontal } from "lucide-preact";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Rights } from "../call/rights";
import { recipient } from "../call/view-choices";
import { CHAT_CHARS, type Participant, type ParticipantId } from "../protocol";
import { words } from "../text";
import { EmojiButton } from "./emoji";

/** In the list of people to write to, for one who left; no id looks like it. */
const GONE = "gone";

interface ComposerProps {
  rights: Rights;
  /** To whom the person may write alone. */
  people: readonly Participant[];
  onSend(text: string, to?: ParticipantId): void;
}

export function Composer({ rights, people, onSend }: ComposerProps): JSX.Element {
  const [text, setText] = useState("");
  const chosen = people.find(({ id }) => id === recipient.value);
  // What was meant for one person never goes to everyone because that person left.
  const gone = recipient.value !== null && chosen === undefined;
  const silent = gone || (!rights.chat && people.length === 0);
  const to = chosen ?? (rights.chat || gone ? undefined : people[0]);
  const input = useRef<HTMLTextAreaElement>(null);
  /** Where writing goes on once the field has its new text. */
  const caret = useRef<number | null>(null);
  const over = [...text.trim()].length - CHAT_CHARS;

  useLayoutEffect(() => {
    // A sheet on a phone that opens its keyboard by itself hides what was said.
    if (matchMedia("(pointer: fine)").matches) input.current?.focus();
  }, []);
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight + 2, 140)}px`;
    if (caret.current !== null) element.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [text]);

  const insert = (emoji: string) => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = input.current ?? {};
    setText(text.slice(0, from) + emoji + text.slice(to));
    caret.current = from + emoji.length;
  };
  const send = (event: Event) => {
    event.preventDefault();
    const trimmed = text.trim();
    if (trimmed === "" || over > 0 || silent) return;
    onSend(trimmed, to?.id);
    setText("");
    input.current?.focus();
  };

  return (
    <form class="composer" onSubmit={send}>
      {!rights.chat && <p class="note">{words.refused.chat}</p>}
      {(people.length > 0 || gone) && (
        <label class="composer-to">
          <span>{words.chat.to}</span>
          <select
            value={gone ? GONE : (to?.id ?? "")}
            onChange={(event) => {
              recipient.value = event.currentTarget.value || null;
            }}
          >
            {gone && (
              <option value={GONE} disabled>
                {words.chat.gone}
              </option>
            )}
            {rights.chat && <option value="">{words.chat.everyone}</option>}
            {people.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <textarea
        ref={input}
        rows={1}
        aria-label={words.chat.message}
        placeholder={to ? words.chat.placeholderAlone(to.name) : words.chat.placeholder}
        disabled={silent}
        enterkeyhint="send"
        value={text}
        aria-invalid={over > 0}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
        }}
      />
      <EmojiButton disabled={silent} onChoose={insert} onClose={() => input.current?.focus()} />
      <button
        type="submit"
        class="icon-button send"
        aria-label={words.chat.send}
        disabled={text.trim() === "" || over > 0 || silent}
      >
        <SendHorizontal size={20} aria-hidden="true" />
      </button>
      {over > 0 && (
        <p class="note text-danger" role="alert">
          {words.chat.tooLong(over)}
        </p>
      )}
    </form>
  );
}
