// What people see and hear, whatever carries it: read from the tracks that tiles and sound elements have.

import { until } from './system.mjs';

/**
 * Runs in the page before anything else: keeps every sound that is played, and the workers that carry media
 * over a WebSocket. With `port` they take that in place of the region's own, with a network behind it; the
 * first picture of `name` is noted.
 */
export function listen({ port, name = 'Ada' } = {}) {
  const { Worker: Original, AudioContext } = window;
  window.Worker = class extends Original {
    postMessage(message, ...rest) {
      if (message?.type === 'open' && port) message.url = message.url.replace(/:\d+\//, `:${port}/`);
      if (message?.type === 'open') [window.socketUrl, window.socket] = [message.url, this];
      super.postMessage(message, ...rest);
    }
  };
  /** What the last of them reports of itself. */
  window.socketFigures = () =>
    new Promise((resolve) => {
      window.socket.addEventListener('message', function take({ data }) {
        if (data?.type !== 'stats') return;
        window.socket.removeEventListener('message', take);
        resolve(data.figures);
      });
      window.socket.postMessage({ type: 'stats' });
    });
  const times = { click: 0, frame: 0 };
  window.times = times;
  const noteClick = ({ target }) => {
    if (target.closest?.('button')?.innerText.includes('Join meeting')) times.click = performance.now();
  };
  window.addEventListener('click', noteClick, { capture: true });
  setInterval(() => {
    if (!times.frame && times.click && window.shown(name) > 0) times.frame = performance.now();
  }, 20);
  const Signal = window.WebSocket;
  window.WebSocket = class extends Signal {
    constructor(...parameters) {
      super(...parameters);
      if (this.url.endsWith('/signal')) window.signal = this;
    }
  };
  let context;
  const meters = new Map();
  /** The loudest that each playing sound element has been since it was asked last. */
  window.loudest = () => {
    context ??= new AudioContext();
    const levels = [];
    for (const element of document.querySelectorAll('audio')) {
      const track = element.srcObject?.getAudioTracks?.()[0];
      if (!track) continue;
      if (!meters.has(track.id)) {
        const analyser = context.createAnalyser();
        analyser.fftSize = 8192;
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        meters.set(track.id, analyser);
      }
      const samples = new Float32Array(8192);
      meters.get(track.id).getFloatTimeDomainData(samples);
      levels.push(Math.max(...samples.map(Math.abs)));
    }
    return Math.max(0, ...levels);
  };
  const counted = new WeakMap();
  /** Pictures that a video has shown since it was asked first; for where a browser counts none of a stream. */
  const count = (video) => {
    if (!counted.has(video)) {
      counted.set(video, 0);
      const next = () => video.requestVideoFrameCallback(() => next(counted.set(video, counted.get(video) + 1)));
      next();
    }
    return counted.get(video);
  };
  /** Pictures that a tile has shown. */
  window.shown = (name) => {
    const tile = [...document.querySelectorAll('[role=group][data-participant]')].find((one) =>
      one.getAttribute('aria-label').startsWith(name),
    );
    const video = tile?.querySelector('video');
    return video ? Math.max(count(video), video.getVideoPlaybackQuality().totalVideoFrames) : 0;
  };
}

export async function sees(person, name, most = 20_000) {
  const shown = () => person.page.evaluate((one) => window.shown(one), name);
  const before = await until(`${person.name} sees ${name}`, shown, most);
  await until(`the picture of ${name} moves for ${person.name}`, async () => (await shown()) > before + 10, most);
}

export function hears(person, most = 20_000) {
  return until(`${person.name} hears something`, async () => (await person.page.evaluate(() => window.loudest())) > 0.01, most);
}

/** Samples that came for somebody over WebRTC so far: all of them, and those that were made up. */
export function overWebRtc({ page }) {
  return () =>
    page.evaluate(async () => {
      const connection = window.observed.connections.find((one) => one.connectionState === 'connected');
      const rows = [...(await connection.getStats()).values()].filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
      const sum = (member) => rows.reduce((total, row) => total + (row[member] ?? 0), 0);
      return { all: sum('totalSamplesReceived'), made: sum('concealedSamples') - sum('silentConcealedSamples') };
    });
}

/** The same over a WebSocket, of a page where `listen` runs. */
export function overWebSocket({ page }) {
  return () =>
    page.evaluate(async () => {
      const { received } = await window.socketFigures();
      const sum = (member) => received.reduce((total, row) => total + row[member], 0);
      return { all: sum('samples'), made: sum('concealed') };
    });
}

/** How much of ten seconds of sound was sound, and not made up. */
export async function heard(samples) {
  const before = await samples();
  const now = await until('ten seconds of sound', async () => {
    const figures = await samples();
    return figures.all - before.all >= 480_000 && figures;
  }, 40_000);
  return 1 - (now.made - before.made) / (now.all - before.all);
}
