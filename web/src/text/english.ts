/**
 * Every word that people read, in English.
 *
 * One catalogue per language, all of this shape. Components hold no text of their own; a test holds
 * that.
 */
import type { EndReason, ErrorCode } from "../protocol";
import type { DeviceProblem } from "../media/capture";
import type { Way } from "../media/stats";
import { account } from "./english-account";
import { effects } from "./english-effects";
import { meetings } from "./english-meetings";
import { tongue } from "./english-language";
import { room } from "./english-room";
import { stage } from "./english-stage";
import { surface } from "./english-surface";

export interface Explained {
  title: string;
  /** What to do next. */
  next: string;
}

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
const list = new Intl.ListFormat("en", { type: "conjunction" });

export const english = {
  language: "en",
  brand: "Meridian",
  skip: "Skip to content",
  close: "Close",
  loading: "Loading…",
  cancel: "Cancel",
  you: "You",
  theme: "Switch theme",
  documentTitle: (page: string) => `${page} · Meridian`,

  landing: {
    title: "Video meetings",
    headline: "Meet at the speed of hello.",
    lead: "Video meetings that connect in the blink of an eye, from any browser. Share a link, and people are there.",
    newMeeting: "New meeting",
    starting: "Starting…",
    code: "Meeting code or link",
    codeExample: "abc-defg-hjk",
    join: "Join",
    badCode: "This is not a meeting code. It looks like abc-defg-hjk, or is a link that ends in one.",
    noAccount: "No account. Nothing to install.",
    features: "Features",
    slide: (place: number, of: number) => `${place} of ${of}`,
    carousel: "carousel",
    slideRole: "slide",
    previous: "Previous feature",
    next: "Next feature",
    featuresTitle: "Made to be out of the way",
    cards: [
      {
        title: "There before you are",
        text: "Everything is made ready while you look at your own picture. Joining is one message, one answer.",
      },
      {
        title: "Near you, wherever you are",
        text: "Meetings live at the edge of the network, and video takes the shortest way through the nearest region.",
      },
      {
        title: "Comes back by itself",
        text: "Change networks, close the lid, lose a server: the call finds its way back, and no message is lost.",
      },
      {
        title: "A link is all it takes",
        text: "No app and no account for guests. Phone, laptop or wall-sized screen, it fits.",
      },
      {
        title: "Yours to run",
        text: "Deploy it to your own accounts with two tools you already know. No tracking, and nothing in between.",
      },
    ],
    footer: "Video meetings at the edge.",
    heroNames: ["Amara", "Jonas", "Mei", "Tomás"],
  },

  notFound: {
    title: "There is nothing here",
    next: "The address may be mistyped. Check the link, or start from the front page.",
    home: "Go to the start page",
  },

  notLoaded: {
    title: "This page could not be loaded",
    next: "Check your network, then try again.",
  },

  preview: {
    title: "Ready to join?",
    self: "Your camera",
    name: "Your name",
    namePlaceholder: "How others will see you",
    nameMissing: "Enter your name, so that others know who you are.",
    nameForbidden: "This name contains characters that cannot be used.",
    email: "Email",
    emailOptional: "Optional",
    emailInvalid: "This does not look like an email address.",
    camera: "Camera",
    microphone: "Microphone",
    speaker: "Speaker",
    systemDefault: "System default",
    none: "None found",
    level: "Microphone level",
    testSpeaker: "Test speaker",
    join: "Join meeting",
    joining: "Joining…",
    cameraOff: "Your camera is off",
    cameraStarting: "Starting your camera…",
    alone: "Nobody else is here yet.",
    here: (names: readonly string[], total: number) => {
      const rest = total - names.length;
      const people = rest > 0 ? [...names, count(rest, "other", "others")] : [...names];
      return `${list.format(people)} ${total === 1 ? "is" : "are"} here.`;
    },
    isHere: (total: number) => `${count(total, "person is", "people are")} here.`,
    looking: "Looking for the meeting…",
  },

  check: {
    label: "Connection",
    checking: "Checking your connection…",
    good: (milliseconds: number) => `Ready. The meeting answers in ${milliseconds} ms.`,
    trying: "Trying how sound and video get through…",
    through: {
      udp: (region: string, milliseconds: number) =>
        `Ready. Sound and video get through the best way: over UDP to the region “${region}”, in ${milliseconds} ms.`,
      tcp: (region: string) =>
        `Ready. Your network blocks UDP, so sound and video go over TCP to the region “${region}”. They get through, and may stutter at times.`,
      relay_udp: (region: string) =>
        `Ready. Your network blocks the direct way, so sound and video go through a relay to the region “${region}”. That takes a little longer.`,
      relay_tcp: (region: string) =>
        `Ready. Your network blocks UDP, so sound and video go over TCP through a relay to the region “${region}”. They get through, and may stutter at times.`,
      relay_tls: (region: string) =>
        `Ready. Your network lets little more through than web pages, so sound and video go through an encrypted relay to the region “${region}”. They get through, and may stutter at times.`,
      websocket: (region: string) =>
        `Ready. Your network blocks the usual ways, so the call goes over an encrypted web connection to the region “${region}”. The picture is smaller, and comes a little later.`,
    } satisfies Record<Exclude<Way, "direct">, (region: string, milliseconds: number) => string>,
    blocked: (region: string) =>
      `Sound and video will not get through: your network blocks every way to the region “${region}”. You can join and chat. Another network helps, or turning off a VPN.`,
    again: "Check again",
    noRegion:
      "No media region can take calls right now. You can join and chat; sound and video follow as soon as one is back.",
    noSocket: "The meeting cannot be reached yet. Trying again…",
    offline: "You seem to be offline. Check your network; this page notices when you are back.",
    unsupported: "This browser cannot make calls. Use a current Chrome, Edge, Firefox or Safari.",
  },

  devices: {
    microphone: {
      refused:
        "The browser does not let this page use your microphone. Allow it beside the address, then turn it on. You can also join without.",
      missing: "No microphone found. Plug one in, or join and listen.",
      busy: "Another program is using your microphone. Close it there, then turn it on here.",
      unsupported: "This browser cannot use a microphone here. You can join and listen.",
    } satisfies Record<DeviceProblem, string>,
    camera: {
      refused:
        "The browser does not let this page use your camera. Allow it beside the address, then turn it on. You can also join without.",
      missing: "No camera found. Plug one in, or join without.",
      busy: "Another program is using your camera. Close it there, then turn it on here.",
      unsupported: "This browser cannot use a camera here. You can join without.",
    } satisfies Record<DeviceProblem, string>,
    mute: "Mute microphone",
    unmute: "Unmute microphone",
    cameraOff: "Turn off camera",
    cameraOn: "Turn on camera",
  },

  call: {
    controls: "Call controls",
    chat: "Chat",
    people: "People",
    leave: "Leave",
    unread: (number: number) => count(number, "unread message", "unread messages"),
    stage: "Participants' video",
    copyLink: "Copy meeting link",
    /** Where a link is spoken of already. */
    copy: "Copy link",
    copied: "Link copied",
    copyFailed: "The link could not be copied. It is in the address bar.",
    aloneTitle: "You're the only one here",
    aloneNext: "Send this link to the people you want to meet.",
    sound: "Turn on sound",
    soundWhy: "Your browser paused the sound of this page.",
    more: (number: number) => `${number} more`,
    joined: (name: string) => `${name} joined`,
    left: (name: string) => `${name} left`,
    reconnecting: "Connection lost. Bringing you back…",
    offline: "You're offline. You come back by yourself as soon as there is a network.",
    roomAway: "The meeting can't be reached right now. Sound and video go on; messages are sent as soon as you're back.",
    webOnly: "Only web connections get through here. The picture may be smaller, and come a little later.",
    woke: "Your device was asleep. Bringing you back…",
    mediaConnecting: "Connecting sound and video…",
    mediaRecovering: "Sound and video were interrupted. Bringing them back…",
    mediaUnavailable: "No media region can take the call right now. Trying again by itself; chat works meanwhile.",
    mediaRejected: "Sound and video could not be set up with this browser.",
    mediaAgain: "Try again",
  },

  tile: {
    /** Begins with the name: assistive software and tests look for that. */
    label: (name: string, marks: readonly string[]) => [name, ...marks].join(", "),
    you: "you",
    muted: "muted",
    cameraOff: "camera off",
    speaking: "speaking",
    reconnecting: "reconnecting",
    host: "host",
    cohost: "co-host",
    stream: { publish: "stream", watch: "watching" },
  },

  account,
  ...tongue,
  ...meetings,
  ...room,
  ...stage,
  ...surface,
  ...effects,

  chat: {
    title: "Chat",
    log: "Chat messages",
    message: "Message",
    placeholder: "Write to everyone",
    placeholderAlone: (name: string) => `Write to ${name} alone`,
    to: "To",
    everyone: "Everyone",
    you: "you",
    /** Beside a message that others do not see. */
    alone: (name: string) => `To ${name} alone`,
    gone: "No longer here",
    somebody: "somebody who left",
    unsay: "Delete message",
    emoji: "Emoji",
    send: "Send",
    empty: "No messages yet",
    emptyNext: "What you write here, everyone in the meeting can read. People who come later see it too.",
    sending: "Sending…",
    failed: "Not sent",
    again: "Try again",
    tooLong: (over: number) => `${count(over, "character", "characters")} too many`,
  },

  people: {
    title: "People",
    list: "Participants",
    sharing: "shares a screen",
    host: "Host",
    cohost: "Co-host",
    stream: { publish: "Stream", watch: "Watching the meeting" },
    you: "you",
    end: "End meeting for everyone",
    endTitle: "End the meeting for everyone?",
    endText: (others: number) =>
      others === 0
        ? "The meeting closes and its link stops working."
        : `You and ${count(others, "other person", "other people")} will be disconnected, and the link stops working.`,
    endConfirm: "End meeting",
  },

  ended: {
    left: "You left the meeting",
    leftNext: "Left by mistake? The meeting goes on without you.",
    rejoin: "Rejoin",
    home: "Back to the start page",
    newMeeting: "Start a new meeting",
    over: "The meeting has ended",
    overWhy: {
      ended_by_host: "A host ended it for everyone.",
      expired: "Nobody was in it for a while.",
    } satisfies Record<EndReason, string>,
    removed: "A host removed you from the meeting",
    removedNext: "You cannot come back before it is over. If you think that this is a mistake, ask the host.",
    replaced: "You joined from somewhere else",
    replacedNext: "This seat is in use in another tab or window. Close that one to come back here.",
    closed: "You were disconnected",
    closedNext: "The meeting closed this connection. You can come back at once.",
  },

  errors: {
    invalid_request: { title: "The meeting did not understand that", next: "Reload the page and try again." },
    too_large: { title: "That is too large to send", next: "Make it shorter and try again." },
    not_found: { title: "There is nothing here", next: "Check the link, or start from the front page." },
    method_not_allowed: { title: "That cannot be done here", next: "Reload the page and try again." },
    unauthorized: { title: "Your seat is no longer valid", next: "Reload the page to take a new one." },
    forbidden: { title: "You may not do this", next: "Ask a host of the meeting." },
    invalid_credentials: {
      title: "Email and password do not match",
      next: "Check both, or choose a new password.",
    },
    email_not_verified: {
      title: "Your email is not verified yet",
      next: "Open the link in the mail that we sent you.",
    },
    invalid_token: { title: "This link no longer works", next: "Ask for a new one." },
    origin_not_allowed: { title: "This page may not open the meeting", next: "Open the meeting's own link instead." },
    room_not_found: {
      title: "No meeting has this code",
      next: "Check the code with the person who sent it. Each letter counts.",
    },
    room_ended: {
      title: "The meeting has ended",
      next: "Its link no longer works. Start a new meeting and share the new link.",
    },
    room_locked: { title: "The meeting is locked", next: "Nobody new comes in now. Ask a host to unlock it, then try again." },
    room_full: { title: "The meeting is full", next: "Try again when somebody has left." },
    not_invited: {
      title: "This meeting is only for invited people",
      next: "Sign in with the address that was invited, or ask the host for an invitation.",
    },
    banned: { title: "You were removed from this meeting", next: "A host decided that you cannot come back before it is over." },
    guest_meetings_off: {
      title: "Guests cannot start meetings here",
      next: "You can join any meeting whose code you have.",
    },
    not_joined: { title: "You are not in the meeting", next: "Join it first." },
    already_joined: { title: "You are already in the meeting", next: "Look for it in another tab." },
    host_only: { title: "Only a host may do this", next: "Ask a host of the meeting." },
    rate_limited: { title: "That was too fast", next: "Wait a moment, then try again." },
    region_unavailable: { title: "No media region can take the call", next: "Wait a moment, then try again." },
    offer_rejected: {
      title: "This browser's call could not be set up",
      next: "Update the browser, or use another one.",
    },
    internal: { title: "Something went wrong on our side", next: "Wait a moment, then try again." },
    unreachable: { title: "The server cannot be reached", next: "Check your network. We keep trying." },
  } satisfies Record<ErrorCode | "unreachable", Explained>,
  tryAgain: "Try again",
};

export type Catalogue = typeof english;
