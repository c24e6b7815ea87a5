// People in real browsers: what they click, and what their browsers really receive.

import { chromium } from 'playwright-core';

import { until } from './system.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Fifteen pictures a second: everybody's encoders and decoders share the cores of one machine.
  '--use-fake-device-for-media-stream=fps=15',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** What is started as Chromium. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** `more` flags come after these, so that they count. */
export async function launch(more = [], executablePath = CHROMIUM) {
  return chromium.launch({ executablePath, args: [...FLAGS, ...more] });
}

/** Runs in the page before anything else: keeps every connection, and counts descriptions set on it. */
function observe() {
  const connections = [];
  const Original = window.RTCPeerConnection;
  class Observed extends Original {
    constructor(...parameters) {
      super(...parameters);
      this.descriptions = 0;
      connections.push(this);
    }
    createDataChannel(...parameters) {
      this.control = super.createDataChannel(...parameters);
      return this.control;
    }
    setLocalDescription(...parameters) {
      this.descriptions += 1;
      return super.setLocalDescription(...parameters);
    }
    setRemoteDescription(...parameters) {
      this.descriptions += 1;
      return super.setRemoteDescription(...parameters);
    }
  }
  window.RTCPeerConnection = Observed;
  const { send } = RTCDataChannel.prototype;
  RTCDataChannel.prototype.send = function say(text) {
    const said = JSON.parse(text);
    if (said.type === 'wishes') window.observed.wishes = said.tiles;
    send.call(this, text);
  };
  /** Firefox never answers when the connection closes meanwhile. */
  async function reported(connection) {
    let timer;
    const closed = new Promise((resolve) => {
      timer = setInterval(() => connection.connectionState === 'closed' && resolve(new Map()), 50);
    });
    return Promise.race([connection.getStats(), closed]).finally(() => clearInterval(timer));
  }
  window.observed = {
    connections,
    /** The tiles that the page told the region of last. */
    wishes: [],
    /** Descriptions set so far on connections that are up. */
    descriptions: () =>
      connections.filter((one) => one.connectionState === 'connected').map((one) => one.descriptions),
    /** What each receiving track of every live connection has received. */
    async received() {
      const rows = [];
      for (const connection of connections) {
        if (connection.connectionState === 'closed') continue;
        for (const stat of (await reported(connection)).values()) {
          if (stat.type === 'inbound-rtp') {
            rows.push({
              kind: stat.kind,
              mid: stat.mid,
              track: stat.trackIdentifier,
              frames: stat.framesDecoded ?? 0,
              energy: stat.totalAudioEnergy ?? 0,
              packets: stat.packetsReceived ?? 0,
            });
          }
        }
      }
      return rows;
    },
  };
}

/**
 * The ways of WebRTC: a machine that has too much to do may be so late that a call takes the WebSocket, which
 * is for the tests about that.
 */
const WEBRTC = 'direct,udp,tcp,relay';

/** One person in one browser context. */
export class Person {
  /** `rungs` names the only ways that media may take, such as 'udp'; null lets all be. */
  static async arrive(browser, name, { rungs = WEBRTC, ...options } = {}) {
    const person = new Person();
    person.name = name;
    person.context = await browser.newContext({ permissions: ['camera', 'microphone'], ...options });
    person.page = await person.context.newPage();
    person.problems = [];
    person.page.on('pageerror', (error) => person.problems.push(error.message));
    await person.page.addInitScript(observe);
    // The empty page before the first has no storage.
    if (rungs) await person.page.addInitScript((named) => location.protocol.startsWith('http') && localStorage.setItem('meridian.rungs', named), rungs);
    return person;
  }

  /** Starts a meeting on the landing page and returns its link. */
  async startMeeting(url) {
    await this.page.goto(url);
    await this.page.getByRole('button', { name: 'New meeting' }).click();
    await this.page.waitForURL(/\/m\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/);
    return this.page.url();
  }

  async openLink(link) {
    await this.page.goto(link);
    await this.page.getByRole('button', { name: 'Join meeting' }).waitFor();
  }

  async join() {
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(this.name);
    await this.page.getByRole('button', { name: 'Join meeting' }).click();
    await this.page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  }

  tile(name) {
    return this.page.getByRole('group', { name: new RegExp(`^${name}`) });
  }

  async seesTile(name, most) {
    await until(`${this.name} sees the tile of ${name}`, () => this.tile(name).isVisible(), most);
  }

  async losesTile(name, most) {
    const started = performance.now();
    await until(`the tile of ${name} is gone for ${this.name}`, async () => (await this.tile(name).count()) === 0, most);
    return performance.now() - started;
  }

  received() {
    return this.page.evaluate(() => window.observed.received());
  }

  descriptions() {
    return this.page.evaluate(() => window.observed.descriptions());
  }

  wishes() {
    return this.page.evaluate(() => window.observed.wishes);
  }

  /** Makes the page believe that the region said this. */
  hears(event) {
    return this.page.evaluate(
      (data) => window.observed.connections.find((one) => one.connectionState === 'connected').control.onmessage({ data }),
      JSON.stringify(event),
    );
  }

  /** Tiles whose video shows a moving remote picture: name → frames decoded of its track. */
  framesByTile() {
    return this.page.evaluate(async () => {
      const received = await window.observed.received();
      const frames = {};
      for (const tile of document.querySelectorAll('[role=group][data-participant]')) {
        const video = tile.querySelector('video');
        const track = video?.srcObject?.getVideoTracks?.()[0];
        const row = received.find((one) => one.kind === 'video' && one.track === track?.id);
        if (row) frames[tile.getAttribute('aria-label')] = row.frames;
      }
      return frames;
    });
  }

  /** Resolves when the pictures of these people move and as many voices are heard. */
  async seesAndHears(names, most = 15_000) {
    for (const name of names) {
      const frames = async () => {
        const found = Object.entries(await this.framesByTile()).find(([label]) => label.startsWith(name));
        return found ? found[1] : 0;
      };
      let before = await until(`${this.name} decodes a frame of ${name}`, frames, most);
      await until(`the picture of ${name} moves for ${this.name}`, async () => {
        const now = await frames();
        // Another connection counts anew.
        before = Math.min(before, now);
        return now > before + 5;
      }, most);
    }
    const energies = async () =>
      (await this.received()).filter((row) => row.kind === 'audio' && row.energy > 0).map((row) => row.energy);
    await until(`${this.name} hears ${names.length} people`, async () => (await energies()).length >= names.length, most);
  }

  async openPanel(name) {
    const panel = this.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name: new RegExp(`^${name}`) });
    if ((await panel.getAttribute('aria-pressed')) !== 'true' && (await panel.getAttribute('aria-expanded')) !== 'true') {
      await panel.click();
    }
  }

  async say(text) {
    await this.openPanel('Chat');
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.page.getByRole('button', { name: 'Send' }).click();
  }

  async readsChat() {
    await this.openPanel('Chat');
    return this.page.getByRole('log', { name: 'Chat messages' }).innerText();
  }

  async leave() {
    await this.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name: 'Leave' }).click();
  }
}
