/**
 * What a person may do in the meeting, to themselves and to others.
 *
 * Pure, and only for what to offer: the room decides again, whatever is asked of it.
 */
import type { Participant, Permissions } from "../protocol";
import type { InMeeting } from "./state";

export interface Rights extends Permissions {
  /** Host or co-host: every permission, and acting on others. */
  leads: boolean;
  /** Makes and unmakes co-hosts. */
  hosts: boolean;
}

type Where = Pick<InMeeting, "room" | "you">;

export function rightsOf({ room, you }: Where): Rights {
  const role = room.participants.find(({ id }) => id === you)?.role;
  const everything = { share: true, chat: true, react: true, unmute: true };
  const leads = role === "host" || role === "cohost";
  return { ...(leads ? everything : room.room.permissions), leads, hosts: role === "host" };
}

/** Something to do about one person, from their menu. */
export type Deed =
  | "mute"
  | "camera_off"
  | "stop_sharing"
  | "lower_hand"
  | "pin"
  | "spotlight"
  | "unspotlight"
  | "message"
  | "make_cohost"
  | "unmake_cohost"
  | "remove";

/** What there is to do about `person`, in the order to show. What makes no sense is not in it. */
export function deedsFor(meeting: Where, person: Participant): readonly Deed[] {
  const { room, you } = meeting;
  const { leads, hosts } = rightsOf(meeting);
  const self = person.id === you;
  const acts = leads && !self && person.role !== "host";
  const spotlit = room.room.spotlight === person.id;
  const possible: readonly [Deed, boolean][] = [
    ["mute", acts && person.microphone],
    ["camera_off", acts && person.camera],
    ["stop_sharing", acts && person.screen],
    ["lower_hand", (leads || self) && person.hand_raised_at !== undefined],
    ["pin", true],
    [spotlit ? "unspotlight" : "spotlight", leads],
    ["message", recipientsFor(meeting).includes(person)],
    ["make_cohost", hosts && person.role === "participant" && !person.stream],
    ["unmake_cohost", hosts && person.role === "cohost"],
    ["remove", acts],
  ];
  return possible.filter(([, sensible]) => sensible).map(([deed]) => deed);
}

/** To whom the person may write alone: to those who lead the meeting, always. */
export function recipientsFor(meeting: Where): readonly Participant[] {
  const { chat } = rightsOf(meeting);
  return meeting.room.participants.filter(({ id, role }) => id !== meeting.you && (chat || role !== "participant"));
}
