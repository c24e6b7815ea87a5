/** The English words around a call: keys, sounds, the connection, what breaks, pins. Part of `english.ts`. */
import type { SoundKind } from "../call/preferences";
import type { CandidateType, Complaint, Quality, Way } from "../media/stats";
import type { Shortcut } from "../view/shortcuts";

const percent = (share: number) => `${share > 0 && share < 0.001 ? "under 0.1" : Number((share * 100).toFixed(1))} %`;

const named = (region: string | null) => (region === null ? "media region" : `region “${region}”`);

export const surface = {
  keys: {
    title: "Keyboard shortcuts",
    show: "Show keyboard shortcuts",
    notWhileTyping: "They do nothing while you type.",
    off: "Single keys are turned off in the settings.",
    space: "Space",
    escape: "Esc",
    does: {
      microphone: "Mute or unmute",
      talk: "Hold while muted: unmute as long as you hold",
      camera: "Camera on or off",
      share: "Share your screen, or stop",
      hand: "Raise or lower your hand",
      react: "React",
      chat: "Chat",
      people: "People",
      layout: "Layout",
      settings: "Settings",
      connection: "Connection",
      sheet: "This list",
      close: "Close what is open",
    } satisfies Record<Shortcut, string>,
    heading: "Keyboard",
    single: "Keyboard shortcuts",
    talk: "Push to talk",
    talkMeans: "Hold the space bar to unmute for as long as you hold it.",
  },

  talking: {
    now: "You are heard as long as you hold the space bar",
    over: "You are muted again",
  },

  sounds: {
    heading: "Notifications",
    all: "Sounds",
    allMeans: "Everything is written and read out, too.",
    kinds: {
      people: "Someone joins, leaves or asks to join",
      hands: "Someone raises their hand",
      chat: "A new message",
    } satisfies Record<SoundKind, string>,
    crowd: "By itself, this is off in large meetings.",
    /** In front of a page's title, while nobody looks. */
    unseen: (events: number, title: string) => `(${events}) ${title}`,
    handLowered: "A host lowered your hand",
  },

  connection: {
    title: "Connection",
    show: "Show connection details",
    measuring: "Measuring…",
    away: "There is no connection for sound and video now. It is being brought back.",
    quality: {
      good: "Your connection is good",
      fair: "Your connection is fair",
      poor: "Your connection is poor",
    } satisfies Record<Quality, string>,
    fine: "Sound and video get through in time, both ways.",
    why: {
      loss_out: "A part of what you send is lost on the way: others may hear and see you with gaps.",
      loss_in: "A part of what is sent to you is lost on the way: you may hear and see others with gaps.",
      delay: "Everything takes long to get through: people may talk at the same time.",
      room: "There is little room to send: your picture is sent small, or not at all.",
    } satisfies Record<Complaint, string>,
    advice: "Move closer to your Wi-Fi or use a cable, and close what else uses the network. Turning off your camera helps most.",
    line: "The way",
    path: "Path",
    way: {
      direct: () => "Directly to the other person",
      udp: (region: string | null) => `Over UDP to the ${named(region)}`,
      tcp: (region: string | null) => `Over TCP to the ${named(region)}`,
      relay_udp: (region: string | null) => `Through a relay, over UDP, to the ${named(region)}`,
      relay_tcp: (region: string | null) => `Through a relay, over TCP, to the ${named(region)}`,
      relay_tls: (region: string | null) => `Through a relay, encrypted like a web page, to the ${named(region)}`,
      websocket: (region: string | null) => `Over an encrypted web connection to the ${named(region)}`,
    } satisfies Record<Way, (region: string | null) => string>,
    wayMeans: {
      direct: "The shortest way: nothing lies between the two of you.",
      udp: "The best way there is: nothing waits for what was lost.",
      tcp: "Your network blocks UDP. Sound and video get through, and may stutter.",
      relay_udp: "Your network lets nothing through directly. A relay passes it on, which takes longer.",
      relay_tcp: "Your network blocks UDP and the direct way. A relay passes everything on, which takes longer and may stutter.",
      relay_tls: "Your network lets little more through than web pages. A relay passes everything on, which takes longer and may stutter.",
      websocket: "Your network lets nothing through but web pages. Sound and video travel like one, with a smaller picture and a little later.",
    } satisfies Record<Way, string>,
    local: "Your end",
    remote: "Other end",
    candidates: {
      host: "own address",
      srflx: "behind a router",
      prflx: "behind a router, found on the way",
      relay: "relay",
    } satisfies Record<CandidateType, string>,
    unknown: "Not reported by this browser",
    protocol: "Protocol",
    roundTrip: "Round trip",
    milliseconds: (time: number) => `${Math.round(time)} ms`,
    lossOut: "Lost of what you send",
    lossIn: "Lost of what you receive",
    percent,
    rateOut: "Sending",
    rateIn: "Receiving",
    room: "Room to send",
    rate: (bps: number) =>
      bps >= 1_000_000 ? `${(bps / 1_000_000).toFixed(1)} Mbit/s` : `${Math.round(bps / 1_000)} kbit/s`,
    sent: "What you send",
    received: "What you receive",
    nothingSent: "Nothing now: microphone and camera are off.",
    nothingReceived: "Nothing now: nobody else has microphone or camera on.",
    networks: "Networks of the others",
    networksGood: "Good, of everyone whom you see or hear.",
    picture: (width: number, height: number, pictures: number) => `${width} × ${height}, ${Math.round(pictures)} a second`,
    ownSound: "Your microphone",
    ownPicture: "Your camera",
    ownScreen: "Your screen",
    ownScreenSound: "Sound of your screen",
    cameraOf: (name: string) => name,
    voice: "Voice",
    limits: {
      bandwidth: "made smaller for the network",
      cpu: "made smaller for this computer",
      other: "made smaller by the browser",
    } as Readonly<Record<string, string>>,
  },

  broken: {
    part: "This part broke. The call goes on.",
    stage: "The pictures cannot be shown. Sound goes on.",
    tile: "Picture broke",
    call: "The call's page broke. You are still in the meeting, and sound goes on.",
    page: "This page broke",
    pageNext: "Try again, or start from the front page.",
    again: "Still not loaded. There may be a newer version: reload the page, and you are back in the meeting at once.",
    reload: "Reload",
  },

  unable: {
    browser: "This browser cannot make calls",
    browserNext: "Open the link in a current Chrome, Edge, Firefox or Safari.",
    insecure: "This address is not secure",
    insecureNext: "Browsers allow calls only on pages that were fetched over https.",
    secure: "Open the secure address",
    socket:
      "The meeting answers, but its live connection cannot be opened. A firewall or a blocker may stop WebSockets. Trying again…",
    protocol: "This page and the meeting did not understand each other",
    protocolNext: "A newer version may be out. Reload the page to come back.",
    rate: "Too much was sent at once",
    rateNext: "The meeting closed this connection to protect the others. Wait a moment, then come back.",
    reload: "Reload",
  },

  pin: {
    pin: (name: string) => `Pin ${name}`,
    unpin: (name: string) => `Unpin ${name}`,
  },
};
