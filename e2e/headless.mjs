// People without a browser in a real call: their media comes from one program of real WebRTC clients
// (`media-region/examples/headless.rs`), their words go over the room's socket as a browser's do.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import WebSocket from 'ws';

const PROGRAM = process.env.HEADLESS ?? path.resolve(import.meta.dirname, '../target/debug/examples/headless');
const PING_MS = 20_000;

/** Runs in a page: a picture that moves and a voice, encoded as a browser would. */
async function encode({ width, height, rate, seconds }) {
  const base64 = (chunk) => {
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    return btoa(String.fromCharCode(...bytes));
  };
  const fail = (error) => {
    throw error;
  };

  const pictures = [];
  const video = new VideoEncoder({ output: (chunk) => pictures.push(base64(chunk)), error: fail });
  video.configure({ codec: 'vp8', width, height, bitrate: 400_000, framerate: rate, latencyMode: 'realtime' });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  for (let frame = 0; frame < rate * seconds; frame += 1) {
    const angle = (2 * Math.PI * frame) / (rate * seconds);
    context.fillStyle = '#2d4a5e';
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#e0b090';
    context.beginPath();
    context.ellipse(width / 2 + 20 * Math.cos(angle), height / 2, height / 5, height / 3.5, 0, 0, 7);
    context.fill();
    const picture = new VideoFrame(canvas, { timestamp: (frame * 1e6) / rate });
    video.encode(picture, { keyFrame: frame === 0 });
    picture.close();
  }
  await video.flush();

  const sounds = async (level) => {
    const packets = [];
    const audio = new AudioEncoder({ output: (chunk) => packets.push(base64(chunk)), error: fail });
    audio.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1, bitrate: 32_000, opus: { frameDuration: 20_000 } });
    const samples = Float32Array.from({ length: 48_000 }, (_, at) => level * Math.sin((2 * Math.PI * 220 * at) / 48_000));
    const data = new AudioData({ format: 'f32', sampleRate: 48_000, numberOfFrames: samples.length, numberOfChannels: 1, timestamp: 0, data: samples });
    audio.encode(data);
    await audio.flush();
    return packets;
  };
  return { pictures, pictures_per_second: rate, voice: await sounds(0.2), silence: (await sounds(0))[10] };
}

/** The program, and who is in it. */
export class Headless {
  #people = new Map();

  /** `page` is in a secure place; it encodes what everybody sends. */
  static async start(url, page, { width = 640, height = 360, rate = 15, seconds = 4 } = {}) {
    const headless = new Headless();
    headless.url = url;
    headless.folder = await mkdtemp(path.join(tmpdir(), 'meridian-headless-'));
    const file = path.join(headless.folder, 'frames.json');
    await writeFile(file, JSON.stringify(await page.evaluate(encode, { width, height, rate, seconds })));
    headless.process = spawn(PROGRAM, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(headless.process, 'spawn');
    headless.exited = new Promise((resolve) => headless.process.on('exit', resolve));
    createInterface({ input: headless.process.stdout }).on('line', (line) => {
      const { news, person, ...more } = JSON.parse(line);
      headless.#people.get(person)?.[news]?.(more);
    });
    return headless;
  }

  #next = 0;

  /** Somebody walks in; resolves when their media flows. */
  async join(code, name) {
    this.#next += 1;
    const number = this.#next;
    const heard = {};
    const offered = new Promise((resolve) => (heard.offer = resolve));
    const connected = new Promise((resolve) => (heard.connected = resolve));
    this.#people.set(number, heard);
    this.#tell({ do: 'offer', person: number });

    const answer = await fetch(`${this.url}/api/rooms/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, name }),
    });
    if (!answer.ok) throw new Error(`no seat for ${name}: ${await answer.text()}`);
    const seat = await answer.json();
    const socket = new WebSocket(seat.signal_url, ['meridian.v1', `meridian.seat.${seat.seat}`]);
    const say = (message) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));
    const pings = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('ping'), PING_MS);
    socket.on('close', () => clearInterval(pings));
    const failed = new Promise((_, reject) => socket.on('error', reject));
    const { offer } = await offered;
    socket.on('message', (data) => {
      const text = String(data);
      if (text === 'pong') return;
      const message = JSON.parse(text);
      if (message.type === 'seated') say({ type: 'join', name, microphone: true, camera: true, offer });
      if (message.type === 'answer') this.#tell({ do: 'answer', person: number, sdp: message.sdp });
      if (message.type === 'check') say({ type: 'here' });
    });
    await Promise.race([connected, failed]);
    return {
      name,
      say,
      speak: (on) => this.#tell({ do: 'speak', person: number, on }),
      leave: () => {
        say({ type: 'leave' });
        socket.close(1000);
        this.#people.delete(number);
        this.#tell({ do: 'close', person: number });
      },
    };
  }

  async stop() {
    this.process.stdin.end();
    await this.exited;
    await rm(this.folder, { recursive: true, force: true });
  }

  #tell(command) {
    this.process.stdin.write(`${JSON.stringify(command)}\n`);
  }
}
