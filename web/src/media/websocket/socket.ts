/**
 * The worker that sends and receives media over a WebSocket. The page gives it frames and samples, and
 * gets frames and samples.
 */
import type { MediaEvent, MediaRequest, ParticipantId } from "../../protocol";
import { assign, type SlotTable } from "../slots";
import type { FromWorker, Pictured, Sink, Sounded, ToWorker } from "./messages";
import { readPiece } from "./piece";
import { PictureReceiver, SoundReceiver } from "./receiving";
import { PictureSender, SoundSender } from "./sending";
import { Uplink } from "./uplink";

const PROTOCOL = "meridian.media.v1";
const TICK_MS = 20;
/** Asked this often at least, which also says that this browser lives. */
const ASK_EVERY_MS = 2_000;
/** What waits in the browser at most before sound is dropped too. */
const BUFFERED_BYTES = 64_000;

const say = (message: FromWorker, transfer: Transferable[] = []) => postMessage(message, { transfer });
const uplink = new Uplink();
const sounds = new Map<Sounded, SoundSender>();
const pictures = new Map<Pictured, PictureSender>();
const heard = new Map<number, SoundReceiver>();
const seen = new Map<number, PictureReceiver>();
let table: SlotTable = new Map();
let socket: WebSocket | null = null;
let bytesIn = 0;
let bytesOut = 0;
let askedAt = 0;

onmessage = ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "open":
      open(data.url, data.ticket, data.sounds, data.pictures);
      break;
    case "picture": {
      const sender = pictures.get(data.source) ?? new PictureSender(data.source, uplink, flush, () => share(data.source));
      if (data.on) pictures.set(data.source, sender);
      else pictures.delete(data.source);
      if (data.on) sender.from(data.frames);
      else sender.close();
      break;
    }
    case "frame": {
      const sender = pictures.get(data.source);
      if (sender) sender.offer(data.frame);
      else data.frame.close();
      break;
    }
    case "sound":
      sounds.get(data.source)?.close();
      sounds.delete(data.source);
      if (data.samples) sounds.set(data.source, new SoundSender(data.source, data.samples, sendSound));
      break;
    case "slots":
      table = assign(table, data.slots);
      break;
    case "say":
      if (socket?.readyState === WebSocket.OPEN) socket.send(data.text);
      break;
    case "stats":
      say({
        type: "stats",
        figures: {
          sent: [...sounds.values(), ...pictures.values()].map(({ figures }) => ({ ...figures })),
          received: [...heard.values(), ...seen.values()].map(({ figures }) => ({ ...figures })),
          roundTrip: uplink.roundTrip,
          rate: uplink.rate,
          bytesIn,
          bytesOut,
        },
      });
      break;
    case "close":
      for (const one of [...sounds.values(), ...pictures.values(), ...heard.values(), ...seen.values()]) one.close();
      socket?.close();
      close();
      break;
  }
};

function open(
  url: string,
  ticket: string,
  soundSinks: Sink<MessagePort>[],
  pictureSinks: Sink<WritableStream<VideoFrame> | null>[],
): void {
  for (const { section, to } of soundSinks) heard.set(section, new SoundReceiver(section, to));
  for (const { section, to } of pictureSinks) {
    const writer = to?.getWriter();
    const show = (frame: VideoFrame) => {
      if (writer) void writer.write(frame).catch(() => frame.close());
      else say({ type: "frame", section, frame }, [frame]);
    };
    const broken = () => request({ type: "keyframe", mid: String(section) });
    seen.set(section, new PictureReceiver(section, show, () => delayOf(section), broken));
  }
  socket = new WebSocket(url, [PROTOCOL, `meridian.ticket.${ticket}`]);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    say({ type: "opened" });
    setInterval(tick, TICK_MS);
  };
  socket.onclose = () => say({ type: "closed" });
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    bytesIn += typeof data === "string" ? data.length : data.byteLength;
    if (typeof data === "string") told(data);
    else received(data);
  };
}

function received(message: ArrayBuffer): void {
  const piece = readPiece(message);
  if (piece?.kind === "audio") heard.get(piece.section)?.take(piece);
  else if (piece) seen.get(piece.section)?.take(piece);
}

function told(text: string): void {
  const event = JSON.parse(text) as MediaEvent;
  if (event.type === "pong") uplink.answered(performance.now());
  else if (event.type === "slots") table = assign(table, event.slots);
  else if (event.type === "keyframe") pictures.get(event.source as Pictured)?.askKeyframe();
  else if (event.type === "demands") {
    for (const { source, wanted } of event.tracks) {
      const sender = pictures.get(source as Pictured);
      if (!sender) continue;
      if (wanted && !sender.wanted) sender.askKeyframe();
      sender.wanted = wanted;
    }
  }
  say({ type: "said", text });
}

/** How late the sound of whoever is seen in a section is heard. */
function delayOf(section: number): number {
  const shown = table.get(String(section));
  if (!shown) return 0;
  const sound = shown.source === "screen" ? "screen_audio" : "microphone";
  const isTheirs = ({ participant, source }: { participant: ParticipantId; source: string }) =>
    participant === shown.participant && source === sound;
  const found = [...table].find(([mid, track]) => isTheirs(track) && heard.has(Number(mid)));
  return (found && heard.get(Number(found[0]))?.delay) ?? 0;
}

/** The part of the uplink that a picture gets. */
function share(source: Pictured): number {
  if (pictures.size < 2) return 1;
  return source === "screen" ? 0.7 : 0.3;
}

function sendSound(message: Uint8Array<ArrayBuffer>): void {
  if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > BUFFERED_BYTES) return;
  uplink.noteSent(message.length);
  send(message);
}

function send(message: Uint8Array<ArrayBuffer>): void {
  bytesOut += message.length;
  socket?.send(message);
}

function flush(): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  for (const piece of uplink.take(performance.now())) send(piece);
  if (uplink.broken) {
    uplink.broken = false;
    for (const sender of pictures.values()) sender.askKeyframe();
  }
}

function tick(): void {
  flush();
  const now = performance.now();
  if (uplink.asks(now) || now - askedAt > ASK_EVERY_MS) {
    askedAt = now;
    request({ type: "ping" });
  }
}

function request(message: MediaRequest): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}
