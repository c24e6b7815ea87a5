/**
 * Media through a media region: one RTCPeerConnection with a fixed set of sections.
 *
 * The offer names four sends (microphone, camera, screen and its sound) and the receive slots, and is never renegotiated:
 * the region maps people onto slots and says so on the data channel. When nothing comes any more, ICE
 * begins anew in the same session (RFC 8445 §9). A connection that is lost for good, or has too few slots,
 * is replaced.
 */
import {
  CHANNEL,
  type IceServer,
  type MediaEvent,
  type MediaOffer,
  type MediaRequest,
  type Mid,
  type Slot,
  type Source,
  VIDEO_SLOTS,
  type Wish,
} from "../protocol";
import { chosen, preferred, shortened, startingAt } from "./codecs";
import { type MediaEvents, type OfferedConnection, screenLimits } from "./connection";
import { type Delivered, delivered } from "./handover";
import { iceConfiguration, reachable } from "./ice";
import { cameraLayers, LAYERS } from "./layers";
import { found, type Happening, isLost, next, type Path, TICK_MS } from "./recovery";
import { allowedRungs } from "./rungs";
import { assign, type SlotTable, tracksBySource } from "./slots";
import { tell } from "./told";
import { encodingOf, type Plan, VideoSender } from "./video-sender";

/** The three loudest are heard; the fourth lets one fade while another comes. */
export const AUDIO_SLOTS_OFFERED = 4;
/** Tiles with a picture at the same time: few to begin with, because each makes the offer longer. */
const VIDEO_SLOTS_OFFERED = [9, 25, VIDEO_SLOTS] as const;

/**
 * What Chromium sends at most until it has measured the network. Of itself it begins with 300; with much
 * more a narrow uplink is full for the first seconds, and loses sound.
 */
const START_KBPS = 450;
/** From the answer to `connected`. */
const CONNECT_WITHIN_MS = 8_000;

/** How many video slots to offer for that many pictures at once. */
export function videoSlotsFor(pictures: number): number {
  return VIDEO_SLOTS_OFFERED.find((slots) => slots >= pictures) ?? VIDEO_SLOTS;
}

export class RegionConnection implements OfferedConnection {
  readonly offer: Promise<MediaOffer>;
  readonly sounds: readonly MediaStreamTrack[];
  readonly #peer: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #senders: Record<Source, RTCRtpTransceiver>;
  readonly #pictures: Record<Picture, VideoSender>;
  readonly #slots: readonly RTCRtpTransceiver[];
  #table: SlotTable = new Map();
  #wishes: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ticks: ReturnType<typeof setInterval> | undefined;
  /** From when media flowed first. */
  #path: Path | null = null;
  /** When media of others last came, as the browser counts. */
  #mediaAt = 0;
  /** The region's answer, which holds as long as the session. */
  #answer = "";
  #over = false;

  constructor(
    iceServers: readonly IceServer[],
    videoSlots: number,
    private readonly events: MediaEvents,
  ) {
    const peer = connect(iceServers);
    this.#peer = peer;
    this.#senders = {
      microphone: peer.addTransceiver("audio", { direction: "sendonly" }),
      camera: addPicture(
        peer,
        cameraLayers(null).map((layer, place) => ({ rid: LAYERS[place] ?? "", ...encodingOf(layer) })),
      ),
      screen: addPicture(peer, screenSent(null).layers.map(encodingOf)),
      screen_audio: peer.addTransceiver("audio", { direction: "sendonly" }),
    };
    this.#pictures = {
      camera: new VideoSender(this.#senders.camera.sender, cameraSent, chosen),
      screen: new VideoSender(this.#senders.screen.sender, screenSent, chosen),
    };
    const slots = (kind: "audio" | "video", count: number) =>
      Array.from({ length: count }, () => peer.addTransceiver(kind, { direction: "recvonly" }));
    const audio = slots("audio", AUDIO_SLOTS_OFFERED);
    this.#slots = [...audio, ...slots("video", videoSlots)];
    this.sounds = audio.map((slot) => slot.receiver.track);
    for (const transceiver of peer.getTransceivers()) prune(transceiver);

    this.#channel = peer.createDataChannel(CHANNEL, { ordered: true });
    this.#channel.onopen = () => this.#sendWishes();
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    this.#channel.onclose = () => this.#lose();
    peer.onconnectionstatechange = () => this.#follow();
    peer.oniceconnectionstatechange = () => {
      if (peer.iceConnectionState === "connected") this.events.progress?.("found");
    };
    this.offer = this.#makeOffer();
  }

  async accept(sdp: string, slots: readonly Slot[]): Promise<void> {
    this.#after(CONNECT_WITHIN_MS);
    this.events.progress?.("answered");
    // Slots first: their tracks exist already, so elements are attached before the first packet.
    this.#assign(slots);
    this.#answer = startingAt(reachable(sdp, allowedRungs()), START_KBPS);
    await this.#peer.setRemoteDescription({ type: "answer", sdp: this.#answer });
    // A region may have taken fewer encodings than were offered.
    this.#pictures.camera.apply();
  }

  relayBy(servers: readonly IceServer[]): void {
    if (!this.#over) configure(this.#peer, servers);
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (this.#over) return;
    if (isPicture(source)) this.#pictures[source].publish(track);
    else {
      this.#senders[source].sender.replaceTrack(track).catch(() => {
        // Only a connection that is being closed refuses a track of the right kind.
      });
    }
  }

  wish(tiles: readonly Wish[]): void {
    const request: MediaRequest = { type: "wishes", tiles: [...tiles] };
    const text = JSON.stringify(request);
    if (text === this.#wishes) return;
    this.#wishes = text;
    this.#sendWishes();
  }

  doubt(): void {
    this.#happened("doubt");
  }

  stats(): Promise<RTCStatsReport> {
    return this.#peer.getStats();
  }

  delivered(): Delivered {
    return delivered(tracksBySource(this.#table, this.#receivers()));
  }

  close(): void {
    this.#stop();
    for (const picture of Object.values(this.#pictures)) picture.close();
    this.#channel.close();
    this.#peer.close();
  }

  async #makeOffer(): Promise<MediaOffer> {
    const description = await this.#peer.createOffer();
    await this.#peer.setLocalDescription(description);
    const tracks = (Object.entries(this.#senders) as [Source, RTCRtpTransceiver][]).flatMap(([source, { mid }]) =>
      mid === null ? [] : [{ mid, source }],
    );
    return { sdp: shortened(description.sdp ?? ""), tracks };
  }

  #receive(data: unknown): void {
    if (typeof data !== "string" || this.#over) return;
    const event = parse(data);
    this.#happened(event?.type === "pong" ? "answered" : "heard");
    tell(event, this.events, (slots) => this.#assign(slots));
    if (event?.type !== "demands") return;
    for (const demand of event.tracks) {
      if (isPicture(demand.source)) this.#pictures[demand.source].demand(demand);
    }
  }

  #assign(slots: readonly Slot[]): void {
    this.#table = assign(this.#table, slots);
    const tracks = new Map([...this.#receivers()].map(([mid, { track }]) => [mid, track]));
    this.events.tracks(tracksBySource(this.#table, tracks));
  }

  #receivers(): ReadonlyMap<Mid, RTCRtpReceiver> {
    return new Map(this.#slots.flatMap(({ mid, receiver }) => (mid === null ? [] : [[mid, receiver]])));
  }

  #sendWishes(): void {
    if (this.#wishes !== null && this.#channel.readyState === "open") {
      this.#channel.send(this.#wishes);
    }
  }

  #say(request: MediaRequest): void {
    if (this.#channel.readyState === "open") this.#channel.send(JSON.stringify(request));
  }

  #follow(): void {
    switch (this.#peer.connectionState) {
      case "connected":
        clearTimeout(this.#timer);
        if (this.#path) this.#happened("connected");
        else this.#begin();
        this.events.connected();
        break;
      case "disconnected":
        this.#happened("doubt");
        break;
      case "failed":
        if (this.#path) this.#happened("failed");
        else this.#lose();
        break;
      case "closed":
        this.#lose();
        break;
    }
  }

  /** Media flows for the first time. */
  #begin(): void {
    if (this.#over) return;
    this.#path = found(Date.now());
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    // Tells of a way that was found again before anything can come on it.
    const way = this.#peer.sctp?.transport.iceTransport;
    way?.addEventListener?.("selectedcandidatepairchange", () => this.#happened("connected"));
  }

  #tick(): void {
    // The tick first: after the page stood still, what came before tells nothing.
    this.#happened("tick");
    const mediaAt = Math.max(0, ...this.#slots.flatMap(({ receiver }) => receiver.getSynchronizationSources()).map(at));
    if (mediaAt <= this.#mediaAt) return;
    this.#mediaAt = mediaAt;
    this.#happened("heard");
  }

  #happened(what: Happening): void {
    if (this.#over || !this.#path) return;
    const wasLost = isLost(this.#path);
    const [path, step] = next(this.#path, what, Date.now(), this.events.replaceable());
    this.#path = path;
    if (step === "ask") this.#say({ type: "ping" });
    else if (step === "restart") void this.#restart();
    else if (step === "renew") this.#lose();
    if (wasLost && !isLost(path)) this.events.connected();
    else if (!wasLost && isLost(path)) this.events.interrupted();
  }

  /** Begins ICE anew. The region learns of it from the first check, and its answer stays good. */
  async #restart(): Promise<void> {
    try {
      const offer = await this.#peer.createOffer({ iceRestart: true });
      if (this.#over) return;
      await this.#peer.setLocalDescription(offer);
      await this.#peer.setRemoteDescription({ type: "answer", sdp: this.#answer });
    } catch {
      this.#lose();
    }
  }

  /** Lost, unless connected by then. */
  #after(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lose(), ms);
  }

  #lose(): void {
    if (this.#over) return;
    this.#stop();
    this.events.lost();
  }

  #stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    clearInterval(this.#ticks);
  }
}

/** With these relays; without any where this browser does not take them: there are other ways. */
function connect(servers: readonly IceServer[]): RTCPeerConnection {
  const peer = new RTCPeerConnection({ ...iceConfiguration([], allowedRungs()), bundlePolicy: "max-bundle" });
  configure(peer, servers);
  return peer;
}

function configure(peer: RTCPeerConnection, servers: readonly IceServer[]): void {
  if (servers.length === 0) return;
  try {
    peer.setConfiguration({ ...peer.getConfiguration(), ...iceConfiguration(servers, allowedRungs()) });
  } catch {
    // It keeps what it has.
  }
}

type Picture = Extract<Source, "camera" | "screen">;

function isPicture(source: Source): source is Picture {
  return source === "camera" || source === "screen";
}

/** With temporal layers where the browser makes them for VP8: whose network is short gets fewer pictures. */
function addPicture(peer: RTCPeerConnection, layers: RTCRtpEncodingParameters[]): RTCRtpTransceiver {
  const add = (sendEncodings: RTCRtpEncodingParameters[]) =>
    peer.addTransceiver("video", { direction: "sendonly", sendEncodings });
  try {
    return add(layers.map((layer) => ({ ...layer, scalabilityMode: "L1T3" })));
  } catch {
    return add(layers);
  }
}

const cameraSent: Plan = (track, encodings) => {
  const { width, height } = track?.getSettings() ?? {};
  return { layers: cameraLayers(width && height ? width * height : null, encodings) };
};

function screenSent(track: MediaStreamTrack | null): ReturnType<Plan> {
  const hint = track?.contentHint ?? "detail";
  return {
    layers: [{ ...screenLimits(hint), active: true }],
    degradation: hint === "motion" ? "maintain-framerate" : "maintain-resolution",
  };
}

function at({ timestamp }: RTCRtpContributingSource): number {
  return timestamp;
}

function prune(transceiver: RTCRtpTransceiver): void {
  const kind = transceiver.receiver.track.kind === "audio" ? "audio" : "video";
  const available = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  if (available.length === 0 || !transceiver.setCodecPreferences) return;
  transceiver.setCodecPreferences(preferred(kind, available));
}

function parse(text: string): MediaEvent | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "type" in value ? (value as MediaEvent) : null;
  } catch {
    return null;
  }
}
