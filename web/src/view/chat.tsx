/** What people write, to everyone or to one person alone. */
import { EyeOff, MessageSquare, Trash2 } from "lucide-preact";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { recipientsFor, rightsOf } from "../call/rights";
import type { ChatMessage, ParticipantId } from "../protocol";
import { timeOfDay, words } from "../text";
import { Composer } from "./composer";
import type { CallViewProps } from "./in-meeting";
import { linked } from "./links";

/** Messages of one person this close together share one name. */
const SAME_BREATH_MS = 3 * 60_000;
/** From the end, px: nearer than this, new messages are followed. */
const NEAR_END = 80;

export function Chat({ call, meeting }: CallViewProps): JSX.Element {
  const { room, outbox, you } = meeting;
  const rights = rightsOf(meeting);
  const nameOf = (id: ParticipantId) => room.participants.find((person) => person.id === id)?.name;
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
    <>
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
            alone={message.to === undefined ? null : message.to === you ? words.chat.you : nameOf(message.to)}
            onUnsay={
              rights.leads || message.author === you
                ? () => {
                    call.ask({ type: "unsay", sequence: message.sequence });
                    log.current?.focus();
                  }
                : null
            }
          />
        ))}
        {outbox.map((out) => (
          <div key={out.id} class="message own pending">
            {out.to !== undefined && <Alone name={nameOf(out.to)} />}
            <p class="message-text" dir="auto">{linked(out.text)}</p>
            <p class="note">
              {out.failed ? (
                <>
                  <span class="text-danger">{words.chat.failed}</span>{" "}
                  {out.to !== undefined && nameOf(out.to) === undefined ? (
                    words.chat.gone
                  ) : (
                    <button type="button" class="link" onClick={() => call.sayAgain(out.id)}>
                      {words.chat.again}
                    </button>
                  )}
                </>
              ) : (
                words.chat.sending
              )}
            </p>
          </div>
        ))}
      </div>
      <Composer
        rights={rights}
        people={recipientsFor(meeting)}
        onSend={(text, to) => {
          atEnd.current = true;
          call.say(text, to);
        }}
      />
    </>
  );
}

interface MessageProps {
  message: ChatMessage;
  own: boolean;
  headed: boolean;
  /** Who else reads it; null when everyone does, undefined for somebody who left. */
  alone: string | null | undefined;
  /** Takes it back, where the person may. */
  onUnsay: (() => void) | null;
}

function Message(props: MessageProps): JSX.Element {
  const { message, own, headed, alone, onUnsay } = props;
  return (
    <div class={`message ${own ? "own" : ""} ${headed ? "headed" : ""}`}>
      {headed && (
        <p class="message-head">
          <strong>
            <bdi>{own ? words.you : message.author_name}</bdi>
          </strong>{" "}
          <time dateTime={new Date(message.sent_at).toISOString()}>{timeOfDay(message.sent_at)}</time>
        </p>
      )}
      {headed && alone !== null && <Alone name={alone} />}
      <p class="message-text" dir="auto">{linked(message.text)}</p>
      {onUnsay && (
        <button type="button" class="unsay" aria-label={words.chat.unsay} title={words.chat.unsay} onClick={onUnsay}>
          <Trash2 size={16} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

/** Marks what others do not see. */
function Alone({ name }: { name: string | undefined }): JSX.Element {
  return (
    <p class="message-alone">
      <EyeOff size={14} aria-hidden="true" />
      {words.chat.alone(name ?? words.chat.somebody)}
    </p>
  );
}

function isHeaded(before: ChatMessage | undefined, message: ChatMessage): boolean {
  if (before?.author !== message.author || before.to !== message.to) return true;
  return message.sent_at - before.sent_at > SAME_BREATH_MS;
}
