/**
 * Media from browser to browser: one RTCPeerConnection with a section for each source, the same in both
 * directions. Descriptions are exchanged once, whole, through the room; whoever loses the way leaves it
 * and goes through a region.
 */
import { CHANNEL, type IceServer, type ParticipantId, type Source, type Wish } from "../protocol";
import { chosen, preferred } from "./codecs";
import { type MediaEvents, screenLimits } from "./connection";
import type { Described } from "./direct-plan";
import { DirectPath, demands, isShown, parse, type Said, TICK_MS } from "./direct-path";
import { type TrackKey, trackKey } from "./slots";
import { type Plan, VideoSender } from "./video-sender";

/** Sections in this order, on both sides. */
export const SECTIONS: readonly (readonly [Source, "audio" | "video"])[] = [
  ["microphone", "audio"],
  ["camera", "video"],
  ["screen", "video"],
  ["screen_audio", "audio"],
];
/** A single viewer gets the whole picture: 720 lines need no more. */
const CAMERA = { scaleDownBy: 1, maxBitrate: 2_000_000, maxFramerate: 30, active: true };
/** Candidates that are found later are not used. */
const GATHERED_WITHIN_MS = 1_500;

export interface DirectEvents extends MediaEvents {
  /** To be told to the other: the offer or the answer. */
  describe(sdp: string): void;
}

export class DirectConnection implements Described {
  readonly carrier = "direct";
  readonly #peer: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #path = new DirectPath();
  readonly #published = new Map<Source, MediaStreamTrack>();
  readonly #pictures = new Map<Source, VideoSender>();
  #sections: readonly RTCRtpTransceiver[] = [];
  /** What the other sends; null until they said. */
  #sent: readonly Source[] | null = null;
  #wishes: readonly Wish[] | null = null;
  #ticks: ReturnType<typeof setInterval> | undefined;
  #flows = false;
  #speaks = false;
  #over = false;

  constructor(
    iceServers: readonly IceServer[],
    private readonly you: ParticipantId,
    private readonly other: ParticipantId,
    private readonly events: DirectEvents,
  ) {
    this.#peer = new RTCPeerConnection({
      bundlePolicy: "max-bundle",
      iceServers: iceServers.map((server) => ({ ...server })),
    });
    this.#peer.onconnectionstatechange = () => {
      const state = this.#peer.connectionState;
      if (state === "failed" || state === "closed") this.#lose();
    };
    // The same on both sides, so that nobody has to wait for the other's.
    this.#channel = this.#peer.createDataChannel(CHANNEL, { negotiated: true, id: 0 });
    this.#channel.onopen = () => this.#begin();
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    this.#channel.onclose = () => this.#lose();
    if (offers(you, other)) void this.#attempt(() => this.#offer());
  }

  get sounds(): readonly MediaStreamTrack[] {
    return this.#sections.map(({ receiver }) => receiver.track).filter(({ kind }) => kind === "audio");
  }

  /** The other's end. */
  described(sdp: string): void {
    void this.#attempt(() => (offers(this.you, this.other) ? this.#accept(sdp) : this.#answer(sdp)));
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (this.#over) return;
    if (track) this.#published.set(source, track);
    else this.#published.delete(source);
    this.#send(source);
    this.#tell();
  }

  wish(tiles: readonly Wish[]): void {
    this.#wishes = tiles;
    this.#say({ type: "wishes", tiles: [...tiles] });
    this.#look();
  }

  doubt(): void {
    if (this.#path.ask(Date.now())) this.#say({ type: "ping" });
  }

  relayBy(): void {
    // Descriptions are exchanged once.
  }

  stats(): Promise<RTCStatsReport> {
    return this.#peer.getStats();
  }

  close(): void {
    this.#stop();
    for (const picture of this.#pictures.values()) picture.close();
    this.#channel.close();
    this.#peer.close();
  }

  async #offer(): Promise<void> {
    const sections = SECTIONS.map(([, kind]) => this.#peer.addTransceiver(kind, { direction: "sendrecv" }));
    for (const [place, section] of sections.entries()) {
      const kind = SECTIONS[place]?.[1] ?? "audio";
      const available = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
      if (available.length > 0) section.setCodecPreferences?.(preferred(kind, available));
    }
    this.#take(sections);
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    await this.#describe();
  }

  async #answer(sdp: string): Promise<void> {
    await this.#peer.setRemoteDescription({ type: "offer", sdp });
    const sections = this.#peer.getTransceivers();
    const kinds = sections.map(({ receiver }) => receiver.track.kind);
    if (kinds.join() !== SECTIONS.map(([, kind]) => kind).join()) throw new Error("other sections than ours");
    for (const section of sections) section.direction = "sendrecv";
    this.#take(sections);
    await this.#peer.setLocalDescription(await this.#peer.createAnswer());
    this.#limit();
    await this.#describe();
  }

  async #accept(sdp: string): Promise<void> {
    await this.#peer.setRemoteDescription({ type: "answer", sdp });
    this.#limit();
  }

  /** Whole, once the candidates are known. */
  async #describe(): Promise<void> {
    await gathered(this.#peer);
    if (!this.#over) this.events.describe(this.#peer.localDescription?.sdp ?? "");
  }

  #take(sections: readonly RTCRtpTransceiver[]): void {
    this.#sections = sections;
    for (const [place, [source, kind]] of SECTIONS.entries()) {
      const sender = sections[place]?.sender;
      if (sender && kind === "video") {
        this.#pictures.set(source, new VideoSender(sender, source === "camera" ? camera : screen, chosen));
      }
      this.#send(source);
    }
    for (const { receiver } of sections) receiver.track.addEventListener("unmute", () => this.#look());
  }

  #send(source: Source): void {
    const track = this.#published.get(source) ?? null;
    const picture = this.#pictures.get(source);
    if (picture) picture.publish(track);
    else {
      const section = this.#sections[SECTIONS.findIndex(([name]) => name === source)];
      section?.sender.replaceTrack(track).catch(() => {
        // Only a connection that is being closed refuses a track of the right kind.
      });
    }
  }

  /** Parameters can be set from now on. */
  #limit(): void {
    for (const picture of this.#pictures.values()) picture.apply();
  }

  #begin(): void {
    this.#tell();
    if (this.#wishes) this.wish(this.#wishes);
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.doubt();
  }

  #tell(): void {
    this.#say({ type: "sends", sources: [...this.#published.keys()] });
  }

  #tick(): void {
    const now = Date.now();
    const heard = this.#sections[0]?.receiver.getSynchronizationSources()[0];
    const speaks = this.#sent?.includes("microphone") === true && this.#path.speaks(heard?.audioLevel ?? 0, now);
    if (speaks !== this.#speaks) {
      this.#speaks = speaks;
      this.events.speakers(speaks ? [this.other] : []);
    }
    const step = this.#path.tick(now);
    if (step === "ask") this.#say({ type: "ping" });
    else if (step === "lost") this.#lose();
  }

  #receive(data: unknown): void {
    const said = this.#over ? null : parse(data);
    if (!said) return;
    this.#path.heard(Date.now());
    switch (said.type) {
      case "ping":
        this.#say({ type: "pong" });
        break;
      case "pong":
        this.#path.answered();
        this.#look();
        break;
      case "sends":
        this.#sent = said.sources;
        this.events.tracks(this.#tracks());
        this.#look();
        break;
      case "wishes":
        for (const demand of demands(said.tiles, this.you)) this.#pictures.get(demand.source)?.demand(demand);
        break;
    }
  }

  /** Whether everything comes that the other sends and that is shown here. */
  #look(): void {
    if (this.#flows || this.#over || !this.#sent || !this.#path.isProven) return;
    const comes = (source: Source) => {
      const track = this.#tracks().get(trackKey(this.other, source));
      return track?.kind === "audio" || track?.muted === false || !isShown(this.#wishes, this.other, source);
    };
    if (!this.#sent.every(comes)) return;
    this.#flows = true;
    this.events.connected();
  }

  #tracks(): ReadonlyMap<TrackKey, MediaStreamTrack> {
    const tracks = new Map<TrackKey, MediaStreamTrack>();
    for (const [place, [source]] of SECTIONS.entries()) {
      const track = this.#sections[place]?.receiver.track;
      if (track && this.#sent?.includes(source)) tracks.set(trackKey(this.other, source), track);
    }
    return tracks;
  }

  #say(said: Said): void {
    if (this.#channel.readyState === "open") this.#channel.send(JSON.stringify(said));
  }

  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch {
      this.#lose();
    }
  }

  #lose(): void {
    if (this.#over) return;
    this.#stop();
    this.events.lost();
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#ticks);
  }
}

/** Of two, the one whose id is lower. */
export function offers(you: ParticipantId, other: ParticipantId): boolean {
  return you < other;
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHERED_WITHIN_MS);
    const look = () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    };
    peer.addEventListener("icegatheringstatechange", look);
    look();
  });
}

const camera: Plan = () => ({ layers: [CAMERA] });

const screen: Plan = (track) => {
  const hint = track?.contentHint ?? "detail";
  return {
    layers: [{ ...screenLimits(hint), active: true }],
    degradation: hint === "motion" ? "maintain-framerate" : "maintain-resolution",
  };
};
