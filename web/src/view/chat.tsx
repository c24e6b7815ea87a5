/** What people write to everyone. */
import { MessageSquare, SendHorizontal } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { CHAT_CHARS, type ChatMessage } from "../protocol";
import { timeOfDay, words } from "../text";
import type { CallViewProps } from "./in-meeting";
import { linked } from "./links";
import { Panel } from "./panel";

/** Messages of one person this close together share one name. */
const SAME_BREATH_MS = 3 * 60_000;
/** From the end, px: nearer than this, new messages are followed. */
const NEAR_END = 80;

export function ChatPanel({ call, meeting, onClose }: CallViewProps & { onClose(): void }): JSX.Element {
  const { room, outbox, you } = meeting;
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);

  useLayoutEffect(() => {
    const element = log.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [room.chat, outbox]);

  const look = () => {
    const element = log.current;
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
  };

  return (
    <Panel title={words.chat.title} onClose={onClose}>
      <div ref={log} class="chat-log" role="log" aria-label={words.chat.log} tabIndex={0} onScroll={look}>
        {room.chat.length + outbox.length === 0 && (
          <div class="empty">
            <MessageSquare size={24} aria-hidden="true" />
            <p>{words.chat.empty}</p>
            <p class="note">{words.chat.emptyNext}</p>
          </div>
        )}
        {room.chat.map((message, place) => (
          <Message
            key={message.sequence}
            message={message}
            own={message.author === you}
            headed={isHeaded(room.chat[place - 1], message)}
          />
        ))}
        {outbox.map((out) => (
          <div key={out.id} class="message own pending">
            <p class="message-text">{linked(out.text)}</p>
            <p class="note">
              {out.failed ? (
                <>
                  <span class="text-danger">{words.chat.failed}</span>{" "}
                  <button type="button" class="link" onClick={() => call.sayAgain(out.id)}>
                    {words.chat.again}
                  </button>
                </>
              ) : (
                words.chat.sending
              )}
            </p>
          </div>
        ))}
      </div>
      <Composer
        onSend={(text) => {
          atEnd.current = true;
          call.say(text);
        }}
      />
    </Panel>
  );
}

function Message(props: { message: ChatMessage; own: boolean; headed: boolean }): JSX.Element {
  const { message, own, headed } = props;
  return (
    <div class={`message ${own ? "own" : ""} ${headed ? "headed" : ""}`}>
      {headed && (
        <p class="message-head">
          <strong>{own ? words.you : message.author_name}</strong>{" "}
          <time dateTime={new Date(message.sent_at).toISOString()}>{timeOfDay(message.sent_at)}</time>
        </p>
      )}
      <p class="message-text">{linked(message.text)}</p>
    </div>
  );
}

function isHeaded(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return before?.author !== message.author || message.sent_at - before.sent_at > SAME_BREATH_MS;
}

function Composer({ onSend }: { onSend(text: string): void }): JSX.Element {
  const [text, setText] = useState("");
  const input = useRef<HTMLTextAreaElement>(null);
  const over = [...text.trim()].length - CHAT_CHARS;

  useEffect(() => {
    // A sheet on a phone that opens its keyboard by itself hides what was said.
    if (matchMedia("(pointer: fine)").matches) input.current?.focus();
  }, []);
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight + 2, 140)}px`;
  }, [text]);

  const send = (event: Event) => {
    event.preventDefault();
    const trimmed = text.trim();
    if (trimmed === "" || over > 0) return;
    onSend(trimmed);
    setText("");
    input.current?.focus();
  };

  return (
    <form class="composer" onSubmit={send}>
      <textarea
        ref={input}
        rows={1}
        aria-label={words.chat.message}
        placeholder={words.chat.placeholder}
        enterkeyhint="send"
        value={text}
        aria-invalid={over > 0}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
        }}
      />
      <button
        type="submit"
        class="icon-button send"
        aria-label={words.chat.send}
        disabled={text.trim() === "" || over > 0}
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
