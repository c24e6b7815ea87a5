/**
 * Media from browser to browser: one RTCPeerConnection with a section for each source, the same in both
 * directions. Descriptions are exchanged once, whole, through the room; whoever loses the way leaves it
 * and goes through a region.
 */
import { CHANNEL, type IceServer, type ParticipantId, type Source, type Wish } from "../protocol";
import type { MediaEvents } from "./connection";
import { accept, answer, offer, offers } from "./direct-description";
import { DirectNetwork, SAMPLE_EVERY_MS } from "./direct-network";
import type { Described } from "./direct-plan";
import { bySource, Sending } from "./direct-sending";
import { demands, isShown, Pace, parse, type Said, Voice } from "./direct-words";
import { type Delivered, delivered } from "./handover";
import { iceConfiguration } from "./ice";
import { found, type Happening, isLost, next, type Path, TICK_MS } from "./recovery";
import { allowedRungs } from "./rungs";
import { type TrackKey, trackKey } from "./slots";
import { sample } from "./stats";

/** The other is waited for this long before a connection that is used here no more is closed. */
const RETIRED_FOR_MS = 8_000;

export interface DirectEvents extends MediaEvents {
  /** To be told to the other: the offer or the answer. */
  describe(sdp: string): void;
}

export class DirectConnection implements Described {
  readonly carrier = "direct";
  readonly #peer: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #sending = new Sending();
  readonly #voice = new Voice();
  readonly #pace = new Pace();
  readonly #network: DirectNetwork;
  #receivers: ReadonlyMap<Source, RTCRtpReceiver> = new Map();
  /** The other's end is known. */
  #described = false;
  /** What the other sends; null until they said. */
  #sent: readonly Source[] | null = null;
  /** What of it is kept from who is here. */
  #withheld: ReadonlySet<Source> = new Set();
  #wishes: readonly Wish[] | null = null;
  /** From when the channel opened. */
  #path: Path | null = null;
  #timers: ReturnType<typeof setInterval>[] = [];
  /** Something that was said arrived, and so did the answer. */
  #isProven = false;
  #flows = false;
  /** When media of the other last came, as the browser counts. */
  #mediaAt = 0;
  #speaks = { you: false, other: false };
  #done = { you: false, other: false };
  #over = false;

  constructor(
    iceServers: readonly IceServer[],
    private readonly you: ParticipantId,
    private readonly other: ParticipantId,
    private readonly events: DirectEvents,
  ) {
    this.#network = new DirectNetwork(you, other);
    this.#peer = new RTCPeerConnection({
      ...iceConfiguration(iceServers, allowedRungs()),
      bundlePolicy: "max-bundle",
    });
    this.#peer.onconnectionstatechange = () => {
      const state = this.#peer.connectionState;
      if (state === "failed") this.#happened("failed");
      else if (state === "disconnected") this.#happened("doubt");
      if (state === "closed" || (state === "failed" && !this.#path)) this.#lose();
    };
    // The same on both sides, so that nobody has to wait for the other's.
    this.#channel = this.#peer.createDataChannel(CHANNEL, { negotiated: true, id: 0 });
    this.#channel.onopen = () => this.#begin();
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    this.#channel.onclose = () => this.#lose();
    if (offers(you, other)) void this.#attempt(async () => this.#describe(await offer(this.#peer, this.#take)));
  }

  get sounds(): readonly MediaStreamTrack[] {
    return [...this.#receivers.values()].map(({ track }) => track).filter(({ kind }) => kind === "audio");
  }

  /** The other's end; the first one counts. */
  described(sdp: string): void {
    if (this.#described) return;
    this.#described = true;
    void this.#attempt(async () => {
      if (offers(this.you, this.other)) await accept(this.#peer, sdp);
      else this.#describe(await answer(this.#peer, sdp, this.#take));
      this.#sending.limit();
    });
  }

  /** These of the other's sources are neither seen nor heard here, whatever comes. */
  withhold(sources: ReadonlySet<Source>): void {
    if (this.#done.you || [...sources].join() === [...this.#withheld].join()) return;
    this.#withheld = sources;
    for (const [source, { track }] of this.#receivers) track.enabled = !sources.has(source);
    this.events.tracks(this.#tracks());
  }

  publish(source: Source, track: MediaStreamTrack | null): void {
    if (this.#over) return;
    this.#sending.publish(source, track);
    this.#tell();
  }

  wish(tiles: readonly Wish[]): void {
    this.#wishes = tiles;
    this.#say({ type: "wishes", tiles: [...tiles] });
    this.#look();
  }

  doubt(): void {
    this.#happened("doubt");
  }

  relayBy(): void {
    // Descriptions are exchanged once.
  }

  stats(): Promise<RTCStatsReport> {
    return this.#peer.getStats();
  }

  delivered(): Delivered {
    return delivered(new Map([...this.#receivers].map(([source, receiver]) => [trackKey(this.other, source), receiver])));
  }

  retire(): void {
    if (this.#over) {
      this.close();
      return;
    }
    this.#done.you = true;
    this.#say({ type: "done" });
    this.#timers.push(setTimeout(() => this.close(), RETIRED_FOR_MS));
    if (this.#done.other) this.close();
  }

  close(): void {
    this.#stop();
    this.#sending.close();
    this.#channel.close();
    this.#peer.close();
  }

  #describe(sdp: string): void {
    if (!this.#over) this.events.describe(sdp);
  }

  readonly #take = (sections: readonly RTCRtpTransceiver[]): void => {
    this.#receivers = bySource(sections.map(({ receiver }) => receiver));
    this.#sending.take(bySource(sections.map(({ sender }) => sender)));
    // The region's are heard until this one is in use.
    for (const track of this.sounds) track.enabled = false;
    for (const { track } of this.#receivers.values()) track.addEventListener("unmute", () => this.#look());
  };

  #begin(): void {
    this.#path = found(Date.now());
    this.#tell();
    if (this.#wishes) this.wish(this.#wishes);
    this.#timers.push(
      setInterval(() => this.#tick(), TICK_MS),
      setInterval(() => void this.#measure(), SAMPLE_EVERY_MS),
    );
    this.doubt();
  }

  #tell(): void {
    this.#say({ type: "sends", sources: this.#sending.sources });
  }

  #tick(): void {
    // The tick first: after the page stood still, what came before tells nothing.
    this.#happened("tick");
    const mediaAt = Math.max(0, ...this.delivered().values());
    if (mediaAt > this.#mediaAt) {
      this.#mediaAt = mediaAt;
      this.#happened("heard");
    }
    const heard = this.#receivers.get("microphone")?.getSynchronizationSources()[0];
    const isSent = this.#sent?.includes("microphone") === true;
    const speaks = isSent && this.#voice.speaks(heard?.audioLevel ?? 0, Date.now());
    if (speaks === this.#speaks.other) return;
    this.#speaks.other = speaks;
    this.#say({ type: "hears", speaks });
    this.#tellSpeakers();
  }

  #tellSpeakers(): void {
    const { you, other } = this.#speaks;
    this.events.speakers([...(other ? [this.other] : []), ...(you ? [this.you] : [])]);
  }

  async #measure(): Promise<void> {
    const report = await this.#peer.getStats();
    const weak = this.#network.sampled(sample(report as unknown as Map<string, unknown>, performance.now()));
    if (weak && !this.#over) this.events.networks(weak);
  }

  #happened(what: Happening): void {
    if (this.#over || !this.#path) return;
    const [wasLost, isReplaceable] = [isLost(this.#path), this.events.replaceable()];
    const [path, step] = next(this.#path, what, Date.now(), isReplaceable);
    this.#path = path;
    if (step === "ask") this.#say({ type: "ping" });
    // No other way is looked for here: a region is one, as soon as the room can be asked.
    const isGone = isLost(path) || step === "renew";
    // Until it flows the room decides how long it is tried.
    if (!this.#flows) return;
    if (isGone && (isReplaceable || this.#done.you)) this.#lose();
    else if (wasLost && !isLost(path)) this.events.connected();
    else if (!wasLost && isLost(path)) this.events.interrupted();
  }

  #receive(data: unknown): void {
    if (this.#over) return;
    if (this.#pace.isExceeded(Date.now())) {
      this.#lose();
      return;
    }
    const said = parse(data);
    if (!said) return;
    this.#happened(said.type === "pong" ? "answered" : "heard");
    switch (said.type) {
      case "ping":
        this.#say({ type: "pong" });
        break;
      case "pong":
        this.#isProven = true;
        this.#look();
        break;
      case "hears":
        this.#speaks.you = said.speaks && this.#sending.sources.includes("microphone");
        this.#tellSpeakers();
        break;
      case "done":
        this.#done.other = true;
        if (this.#done.you) this.close();
        break;
      case "sends":
        this.#sent = said.sources;
        this.events.tracks(this.#tracks());
        this.#look();
        break;
      case "wishes":
        for (const demand of demands(said.tiles, this.you)) this.#sending.demand(demand);
        break;
    }
  }

  /** Whether everything comes that the other sends and that is shown here. */
  #look(): void {
    if (this.#flows || this.#over || !this.#sent || !this.#isProven) return;
    const comes = (source: Source) => {
      const track = this.#receivers.get(source)?.track;
      return track?.kind === "audio" || track?.muted === false || !isShown(this.#wishes, this.other, source);
    };
    if (!this.#sent.every(comes)) return;
    this.#flows = true;
    this.events.connected();
  }

  #tracks(): ReadonlyMap<TrackKey, MediaStreamTrack> {
    const tracks = new Map<TrackKey, MediaStreamTrack>();
    for (const [source, { track }] of this.#receivers) {
      if (this.#sent?.includes(source) && !this.#withheld.has(source)) tracks.set(trackKey(this.other, source), track);
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
    // Nobody is left who would close it.
    if (this.#done.you) this.close();
  }

  #stop(): void {
    this.#over = true;
    this.#timers.forEach(clearInterval);
  }
}
