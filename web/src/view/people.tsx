/** Who is in the meeting, and what may be done about each of them. */
import {
  Crown,
  EllipsisVertical,
  Hand,
  Link2,
  type LucideIcon,
  MessageSquare,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  Pin,
  Star,
  UserMinus,
  UserX,
  Video,
  VideoOff,
  WifiOff,
} from "lucide-preact";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { type Deed, deedsFor, rightsOf } from "../call/rights";
import { raisedHands } from "../call/roster";
import { pinned, togglePin } from "../call/view-choices";
import { Confirm } from "../home/dialog";
import type { Participant, ParticipantId, WeakQuality } from "../protocol";
import { words } from "../text";
import { Avatar } from "./avatar";
import { useFocusAfter } from "./focus";
import { HostControls } from "./host-controls";
import type { CallViewProps } from "./in-meeting";
import { Lobby } from "./lobby";
import { Menu, type MenuItem } from "./menu";
import { NETWORK_ICONS, type NetworkIcon } from "./network-icons";

interface PeopleProps extends CallViewProps {
  onCopyLink(): void;
  /** Write to one person alone. */
  onMessage(participant: ParticipantId): void;
}

export function People({ call, meeting, onCopyLink, onMessage }: PeopleProps): JSX.Element {
  const { room, you } = meeting;
  const { leads } = rightsOf(meeting);
  const list = useRef<HTMLUListElement>(null);
  const [removing, setRemoving] = useState<Participant | null>(null);
  const hands = raisedHands(room.participants);

  const act = (deed: Deed, person: Participant): unknown => {
    const participant = person.id;
    switch (deed) {
      case "mute":
        return call.ask({ type: "stop", participant, source: "microphone" });
      case "camera_off":
        return call.ask({ type: "stop", participant, source: "camera" });
      case "stop_sharing":
        return call.ask({ type: "stop", participant, source: "screen" });
      case "lower_hand":
        return call.ask(
          participant === you ? { type: "raise_hand", raised: false } : { type: "lower_hand", participant },
        );
      case "pin":
        return togglePin(participant);
      case "spotlight":
        return call.ask({ type: "spotlight", participant });
      case "unspotlight":
        return call.ask({ type: "spotlight" });
      case "message":
        return onMessage(participant);
      case "make_cohost":
      case "unmake_cohost":
        return call.ask({ type: "set_cohost", participant, cohost: deed === "make_cohost" });
      case "remove":
        return setRemoving(person);
    }
  };

  return (
    <>
      <div class="panel-body">
        <button type="button" class="button wide" onClick={onCopyLink}>
          <Link2 size={18} aria-hidden="true" />
          {words.call.copy}
        </button>
        {meeting.lobby.length > 0 && <Lobby call={call} waiting={meeting.lobby} />}
        {leads && <HostControls call={call} meeting={meeting} />}
        {hands.length > 0 && (
          <Hands hands={hands} onLowerAll={leads ? () => call.ask({ type: "lower_hand" }) : undefined} />
        )}
        <ul ref={list} class="people" aria-label={words.people.list} tabIndex={-1}>
          {room.participants.map((person) => (
            <Person
              key={person.id}
              person={person}
              self={person.id === you}
              network={call.media.networks.value.get(person.id) ?? null}
              items={deedsFor(meeting, person).map((deed) => itemFor(deed, person, () => act(deed, person)))}
            />
          ))}
        </ul>
      </div>
      {leads && <EndMeeting others={room.participants.length - 1} onEnd={() => call.endForEveryone()} />}
      {removing && (
        <Confirm
          title={words.deeds.removeTitle(removing.name)}
          text={words.deeds.removeText(removing.name)}
          action={words.deeds.removeConfirm}
          onConfirm={() => {
            call.ask({ type: "remove", participant: removing.id });
            setRemoving(null);
            // The button that had the focus goes with the person.
            requestAnimationFrame(() => list.current?.focus());
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  );
}

const ICONS: Record<Deed, LucideIcon> = {
  mute: MicOff,
  camera_off: VideoOff,
  stop_sharing: MonitorX,
  lower_hand: Hand,
  pin: Pin,
  spotlight: Star,
  unspotlight: Star,
  message: MessageSquare,
  make_cohost: Crown,
  unmake_cohost: UserMinus,
  remove: UserX,
};

function itemFor(deed: Deed, person: Participant, choose: () => void): MenuItem {
  const { names, means, unpin } = words.deeds;
  const unpins = deed === "pin" && pinned.value === person.id;
  const text = deed === "spotlight" || (deed === "pin" && !unpins) ? means[deed] : undefined;
  return {
    label: unpins ? unpin : names[deed](person.name),
    icon: ICONS[deed],
    danger: deed === "remove",
    choose,
    ...(text !== undefined && { text }),
  };
}

interface PersonProps {
  person: Participant;
  self: boolean;
  /** How good their network is when it is not good. */
  network: WeakQuality | null;
  items: readonly MenuItem[];
}

function Person({ person, self, network, items }: PersonProps): JSX.Element {
  const reconnecting = person.presence === "reconnecting";
  return (
    <li class="person">
      <Avatar id={person.id} name={person.name} />
      <span class="person-name">
        <span>
          <bdi>{person.name}</bdi>
          {self && <span class="muted"> ({words.people.you})</span>}
        </span>
        {person.role === "host" && <span class="tag">{words.people.host}</span>}
        {person.role === "cohost" && <span class="tag">{words.people.cohost}</span>}
        {person.stream && <span class="tag">{words.people.stream[person.stream]}</span>}
      </span>
      <span class="person-marks">
        {reconnecting && <Mark icon={WifiOff} text={words.tile.reconnecting} look="away" />}
        {network && !reconnecting && <Mark icon={NETWORK_ICONS[network]} text={words.stage.network[network]} look="away" />}
        {person.hand_raised_at !== undefined && <Mark icon={Hand} text={words.hands.mark} look="hand" />}
        {person.screen && <Mark icon={MonitorUp} text={words.people.sharing} />}
        {person.microphone ? <Mic size={18} aria-hidden="true" /> : <Mark icon={MicOff} text={words.tile.muted} />}
        {person.camera ? <Video size={18} aria-hidden="true" /> : <Mark icon={VideoOff} text={words.tile.cameraOff} />}
      </span>
      <Menu
        label={words.deeds.options(person.name)}
        face={<EllipsisVertical size={18} aria-hidden="true" />}
        items={items}
        floats
      />
    </li>
  );
}

function Mark({ icon: Icon, text, look = "" }: { icon: LucideIcon | NetworkIcon; text: string; look?: string }): JSX.Element {
  return (
    <span class={`mark ${look}`} title={text}>
      <Icon size={18} aria-hidden="true" />
      <span class="sr-only">{text}</span>
    </span>
  );
}

interface HandsProps {
  /** In order. */
  hands: readonly Participant[];
  onLowerAll: (() => void) | undefined;
}

function Hands({ hands, onLowerAll }: HandsProps): JSX.Element {
  const section = useRef<HTMLElement>(null);
  useFocusAfter(section, (inside) => inside.closest(".panel")?.querySelector("h2"));
  return (
    <section ref={section} class="hands" aria-labelledby="hands-title">
      <header>
        <Hand size={16} aria-hidden="true" />
        <h3 id="hands-title">{words.hands.number(hands.length)}</h3>
        {onLowerAll && (
          <button type="button" class="link" onClick={onLowerAll}>
            {words.hands.lowerAll}
          </button>
        )}
      </header>
      <ol aria-label={words.hands.list}>
        {hands.map(({ id, name }) => (
          <li key={id}>
            <bdi>{name}</bdi>
          </li>
        ))}
      </ol>
    </section>
  );
}

function EndMeeting({ others, onEnd }: { others: number; onEnd(): void }): JSX.Element {
  const [asking, setAsking] = useState(false);
  return (
    <footer class="panel-foot">
      <button type="button" class="button danger wide" onClick={() => setAsking(true)}>
        {words.people.end}
      </button>
      {asking && (
        <Confirm
          title={words.people.endTitle}
          text={words.people.endText(others)}
          action={words.people.endConfirm}
          onConfirm={() => {
            setAsking(false);
            onEnd();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </footer>
  );
}
