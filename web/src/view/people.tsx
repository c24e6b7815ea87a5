/** Who is in the meeting, and what a host may do about it. */
import { Link2, Mic, MicOff, Video, VideoOff, WifiOff } from "lucide-preact";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Participant } from "../protocol";
import { words } from "../text";
import { Avatar } from "./avatar";
import { type CallViewProps, leads } from "./in-meeting";
import { Lobby } from "./lobby";
import { Panel } from "./panel";

interface PeopleProps extends CallViewProps {
  onClose(): void;
  onCopyLink(): void;
}

export function PeoplePanel({ call, meeting, onClose, onCopyLink }: PeopleProps): JSX.Element {
  const { room, you } = meeting;
  return (
    <Panel title={words.people.title} onClose={onClose}>
      <div class="panel-body">
        <button type="button" class="button wide" onClick={onCopyLink}>
          <Link2 size={18} aria-hidden="true" />
          {words.call.copy}
        </button>
        {meeting.lobby.length > 0 && <Lobby call={call} waiting={meeting.lobby} />}
        <ul class="people" aria-label={words.people.list}>
          {room.participants.map((person) => (
            <Person key={person.id} person={person} self={person.id === you} />
          ))}
        </ul>
      </div>
      {leads(meeting) && <EndMeeting others={room.participants.length - 1} onEnd={() => call.endForEveryone()} />}
    </Panel>
  );
}

function Person({ person, self }: { person: Participant; self: boolean }): JSX.Element {
  return (
    <li class="person">
      <Avatar id={person.id} name={person.name} />
      <span class="person-name">
        <span>
          {person.name}
          {self && <span class="muted"> ({words.people.you})</span>}
        </span>
        {person.role === "host" && <span class="tag">{words.people.host}</span>}
        {person.role === "cohost" && <span class="tag">{words.people.cohost}</span>}
      </span>
      <span class="person-marks">
        {person.presence === "reconnecting" && <Mark icon={WifiOff} text={words.tile.reconnecting} away />}
        {person.microphone ? <Mic size={18} aria-hidden="true" /> : <Mark icon={MicOff} text={words.tile.muted} />}
        {person.camera ? <Video size={18} aria-hidden="true" /> : <Mark icon={VideoOff} text={words.tile.cameraOff} />}
      </span>
    </li>
  );
}

function Mark({ icon: Icon, text, away = false }: { icon: typeof MicOff; text: string; away?: boolean }): JSX.Element {
  return (
    <span class={away ? "mark away" : "mark"} title={text}>
      <Icon size={18} aria-hidden="true" />
      <span class="sr-only">{text}</span>
    </span>
  );
}

function EndMeeting({ others, onEnd }: { others: number; onEnd(): void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <footer class="panel-foot">
      <button type="button" class="button danger wide" onClick={() => dialog.current?.showModal()}>
        {words.people.end}
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="end-title" aria-describedby="end-text">
        <h2 id="end-title">{words.people.endTitle}</h2>
        <p id="end-text">{words.people.endText(others)}</p>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {words.cancel}
          </button>
          <button
            type="button"
            class="button danger-fill"
            onClick={() => {
              dialog.current?.close();
              onEnd();
            }}
          >
            {words.people.endConfirm}
          </button>
        </div>
      </dialog>
    </footer>
  );
}
