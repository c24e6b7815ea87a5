/** The English words of leading a meeting, of hands and of reactions. Part of `english.ts`. */
import type { Deed } from "../call/rights";
import type { Reaction, Source } from "../protocol";

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

export const room = {
  deeds: {
    options: (name: string) => `Options for ${name}`,
    names: {
      mute: () => "Mute",
      camera_off: () => "Turn off camera",
      stop_sharing: () => "Stop sharing",
      lower_hand: () => "Lower hand",
      pin: () => "Pin",
      spotlight: () => "Spotlight",
      unspotlight: () => "Stop spotlighting",
      message: (name: string) => `Message ${name}`,
      make_cohost: () => "Make co-host",
      unmake_cohost: () => "Remove as co-host",
      remove: () => "Remove from meeting",
    } satisfies Record<Deed, (name: string) => string>,
    unpin: "Unpin",
    means: {
      pin: "Large, only for you",
      spotlight: "Large for everyone",
    } satisfies Partial<Record<Deed, string>>,
    removeTitle: (name: string) => `Remove ${name} from the meeting?`,
    removeText: (name: string) => `${name} is disconnected at once and cannot come back before the meeting is over.`,
    removeConfirm: "Remove",
  },

  hosting: {
    heading: "Host controls",
    /** To everyone but the hosts: what it is called, and what it did. */
    everyone: {
      microphone: { stop: "Mute everyone", stopped: "Everyone but the hosts is muted" },
      camera: { stop: "Turn off all cameras", stopped: "All cameras but the hosts' are off" },
      screen: { stop: "Stop all sharing", stopped: "Nobody but the hosts shares a screen" },
    },
    lock: "Lock meeting",
    unlock: "Unlock meeting",
    locked: "This meeting is locked: nobody new comes in",
    waitingRoom: "Waiting room",
    waitingRoomMeans: "Everybody but invited people asks, and a host lets them in.",
    waitingRoomAlways: "Always on in a private meeting.",
    share: "Let people share their screen",
    chat: "Let people chat",
    react: "Let people react",
    unmute: "Let people unmute themselves",
    admitEveryone: "Admit everyone",
  },

  hands: {
    raise: "Raise hand",
    lower: "Lower hand",
    raised: (name: string) => `${name} raised their hand`,
    list: "Raised hands",
    number: (number: number) => count(number, "raised hand", "raised hands"),
    lowerAll: "Lower all",
    mark: "hand raised",
  },

  reacting: {
    react: "React",
    title: "Reactions",
    names: {
      thumbs_up: "Thumbs up",
      clap: "Clap",
      heart: "Heart",
      laugh: "Laugh",
      wow: "Wow",
      sad: "Sad",
      party: "Party",
      thumbs_down: "Thumbs down",
    } satisfies Record<Reaction, string>,
    said: (name: string, reaction: string) => `${name} reacts: ${reaction}`,
  },

  /** Why a control does nothing for now. */
  refused: {
    unmute: "The host does not let people unmute themselves",
    react: "The host does not let people react",
    chat: "The host does not let people write to everyone",
    share: "The host does not let people share their screen",
  },

  told: {
    stopped: {
      microphone: "A host muted your microphone",
      camera: "A host turned off your camera",
      screen: "A host stopped your screen",
      screen_audio: "A host stopped the sound of your screen",
    } satisfies Record<Source, string>,
    leads: "You are a co-host now",
    leadsNot: "You are no longer a co-host",
    wrote: (name: string, text: string) => `${name}: ${text}`,
    wroteAlone: (name: string, text: string) => `${name}, to you alone: ${text}`,
  },
};
