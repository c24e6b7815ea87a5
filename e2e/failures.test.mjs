// What fails says so in words of its own with a next step; and what breaks on the page never ends
// the call.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

let system;
let browser;
let link;
let Ada;
let Grace;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await arrive('Ada');
  Grace = await arrive('Grace');
  link = await Ada.startMeeting(system.url);
  await Ada.join();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

async function arrive(name) {
  const person = await Person.arrive(browser, name, { rungs: 'udp', viewport: { width: 1280, height: 800 } });
  person.page.setDefaultTimeout(45_000);
  return person;
}

const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

/**
 * Replaces the chunk of a panel by one that throws while it is drawn, for as long as `window.broken`
 * says so: what the page asked for, in the same name.
 */
async function breakable(page, chunk, part) {
  await page.addInitScript(() => {
    window.broken = true;
  });
  await page.route(new RegExp(`/assets/${chunk}-[^/]+\\.js$`), async (route) => {
    await route.fulfill({
      contentType: 'text/javascript',
      body: `import * as real from '${route.request().url()}?real';
export const ${part} = (props) => {
  if (window.broken) throw new Error('broken on purpose');
  return real.${part}(props);
};`,
    });
  });
}

test('a panel that throws says so, the call goes on beside it, and "Try again" brings it', async () => {
  await breakable(Grace.page, 'chat', 'Chat');
  await Grace.openLink(link);
  await Grace.join();
  await Grace.seesAndHears(['Ada']);
  const frames = async () => Object.values(await Grace.framesByTile())[0];
  await Grace.openPanel('Chat');
  const panel = Grace.page.getByRole('complementary', { name: 'Chat' });
  await panel.getByRole('alert').getByText('This part broke. The call goes on.').waitFor();
  const before = await frames();
  await until('the picture moves on', async () => (await frames()) > before + 10);
  assert.deepEqual(Grace.problems, ['broken on purpose'], 'it was reported, once');

  await panel.getByRole('button', { name: 'Try again' }).click();
  await panel.getByRole('alert').waitFor();
  await Grace.page.evaluate(() => {
    window.broken = false;
  });
  await panel.getByRole('button', { name: 'Try again' }).click();
  await Grace.say('mended');
  assert.match(await Grace.readsChat(), /mended/);
  assert.equal(await panel.evaluate((one) => one.contains(document.activeElement)), true, 'the focus stays in the panel');
  assert.deepEqual(await Grace.descriptions(), [2], 'media was never set up anew');
  await Grace.page.keyboard.press('Escape');
});

test('a tile that throws is one tile; the others and the sound go on', async () => {
  const tiles = () => Grace.page.locator('.stage [data-participant]').count();
  assert.equal(await tiles(), 2);
  // Whatever draws this name throws from now on.
  await Grace.page.evaluate(() => {
    const { trim } = String.prototype;
    window.mend = () => {
      String.prototype.trim = trim;
    };
    // The initials on the tile are made with it.
    String.prototype.trim = function broken() {
      if (String(this) === 'Edsger') throw new Error('broken on purpose');
      return trim.call(this);
    };
  });
  const late = await arrive('Edsger');
  await late.openLink(link);
  await late.join();
  const broken = Grace.page.locator('.stage').getByRole('alert');
  await broken.getByText('Picture broke').waitFor();
  assert.equal(await tiles(), 2, 'the other tiles are there');
  await Grace.seesAndHears(['Ada']);
  await Grace.page.evaluate(() => window.mend());
  await broken.getByRole('button', { name: 'Try again' }).click();
  await Grace.seesTile('Edsger');
  await late.context.close();
});

test('a panel that the network kept away comes by itself, and takes nobody the focus', async () => {
  const fresh = await arrive('Fresh');
  const { page } = fresh;
  const chunks = { Chat: /\/assets\/chat-[^/]+\.js$/, People: /\/assets\/people-[^/]+\.js$/ };
  for (const chunk of Object.values(chunks)) await page.route(chunk, (route) => route.abort());
  await fresh.openLink(link);
  await fresh.join();
  for (const [name, content] of [['Chat', 'textbox'], ['People', 'list']]) {
    await fresh.openPanel(name);
    const panel = page.getByRole('complementary', { name });
    await panel.getByText('Check your network, then try again.').waitFor();
    const toggle = page.getByRole('button', { name: 'Mute microphone', exact: true });
    // The field of the chat would take it where a person opens it; the button goes when the list comes.
    const focused = name === 'Chat' ? toggle : panel.getByRole('button', { name: 'Try again' });
    await focused.focus();
    await page.unroute(chunks[name]);
    await panel.getByRole(content).first().waitFor();
    const held = name === 'Chat' ? toggle : panel;
    await until(`the focus stays with ${name}`, () => held.evaluate((one) => one.contains(document.activeElement)));
  }
  await fresh.context.close();
});

test('a page that the server has under another name by now opens after a reload', async () => {
  const { page, context } = await arrive('Early');
  await page.goto(system.url);
  await page.evaluate(() => {
    window.marker = 'an earlier build';
  });
  let gone = true;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) gone = false;
  });
  await page.route(/\/assets\/sign-in-[^/]+\.js$/, (route) => route.continue(gone ? { url: `${system.url}/assets/sign-in-none.js` } : {}));
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await page.getByLabel('Password', { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => window.marker), undefined, 'the page was loaded anew');

  // Where that does not help it is said, once.
  let navigations = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) navigations += 1;
  });
  await page.route(/\/assets\/sign-up-[^/]+\.js$/, (route) => route.continue({ url: `${system.url}/assets/sign-up-none.js` }));
  await page.goto(`${system.url}/signup`);
  const again = page.getByRole('button', { name: 'Try again' });
  await until('it was loaded anew', () => navigations === 2);
  await again.click();
  await until('it is as it was', () => navigations > 2);
  await again.waitFor();
  assert.equal(navigations, 3);
  await context.close();
});

test('who went on from a page that the server has under another name is not loaded anew', async () => {
  const { page, context } = await arrive('Gone on');
  await page.goto(system.url);
  await page.evaluate(() => {
    window.marker = 'goes on';
  });
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(/\/assets\/sign-in-[^/]+\.js$/, async (route) => {
    await released;
    await route.continue({ url: `${system.url}/assets/sign-in-none.js` });
  });
  const asked = page.waitForRequest(/\/assets\/sign-in-/);
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await asked;
  await page.goBack();
  await until('they are back', () => page.evaluate(() => location.pathname === '/'));
  release();
  const answers = () => page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/sign-in-')).length);
  await until('it was asked for to the end', async () => (await answers()) === 2);
  // Who opens it now would have it loaded anew, if it still could be.
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'This page could not be loaded' }).waitFor();
  assert.equal(await page.evaluate(() => window.marker), 'goes on');
  await context.close();
});

test('a dialog that cannot be loaded is said in passing, and can be asked for again', async () => {
  const { page } = Ada;
  const chunk = /\/assets\/shortcut-sheet-[^/]+\.js$/;
  await page.route(chunk, (route) => route.abort());
  await page.getByRole('button', { name: 'Mute microphone', exact: true }).focus();
  await page.keyboard.press('?');
  await page.getByRole('status').getByText('Check your network, then try again.').waitFor();
  await page.unroute(chunk);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
});

test('a chunk that the server has no more says so, and after a second time leads to a reload', async () => {
  const fresh = await arrive('Fresh');
  let fails = true;
  await fresh.page.route(/\/assets\/people-[^/]+\.js$/, (route) => route.continue(fails ? { url: `${system.url}/assets/people-none.js` } : {}));
  await fresh.openLink(link);
  await fresh.join();
  await fresh.openPanel('People');
  const panel = fresh.page.getByRole('complementary', { name: 'People' });
  await panel.getByText('Check your network, then try again.').waitFor();
  await panel.getByRole('button', { name: 'Try again' }).click();
  await panel.getByText('Still not loaded.').waitFor();
  await panel.getByRole('button', { name: 'Reload' }).waitFor();
  fails = false;
  await panel.getByRole('button', { name: 'Try again' }).click();
  await panel.getByRole('list', { name: 'Participants' }).waitFor();
  await fresh.context.close();
});

/** What a person reads who is refused; `next` is a part of the next step, `again` a button that tries. */
const REFUSALS = [
  ['room_not_found', 404, 'No meeting has this code', /Check the code/],
  ['room_ended', 410, 'The meeting has ended', /Start a new meeting/],
  ['room_locked', 423, 'The meeting is locked', /Ask a host to unlock it/, 'Try again'],
  ['room_full', 409, 'The meeting is full', /when somebody has left/, 'Try again'],
  ['not_invited', 403, 'This meeting is only for invited people', /Sign in with the address/],
  ['banned', 403, 'You were removed from this meeting', /A host decided/],
  ['forbidden', 403, 'You may not do this', /Ask a host/],
  ['origin_not_allowed', 403, 'This page may not open the meeting', /own link/],
];

test('each refusal has its own words and a next step', async () => {
  const guest = await arrive('Guest');
  let refusal = null;
  await guest.page.route('**/api/rooms/join', (route) =>
    refusal === null
      ? route.continue()
      : route.fulfill({
          status: refusal.status,
          contentType: 'application/problem+json',
          body: JSON.stringify({ type: 'about:blank', title: 'refused', status: refusal.status, code: refusal.code }),
        }),
  );
  for (const [code, status, title, next, again] of REFUSALS) {
    refusal = { code, status };
    await guest.page.goto(link);
    await heading(guest.page, title);
    await guest.page.locator('main p').filter({ hasText: next }).waitFor();
    const links = await guest.page.getByRole('main').getByRole('link').count();
    assert.ok(links > 0, `${code}: a way on`);
    assert.equal(await guest.page.getByRole('button', { name: 'Try again' }).count(), again ? 1 : 0, code);
    if (!again) continue;
    refusal = null;
    await guest.page.getByRole('button', { name: again }).click();
    await guest.page.getByRole('button', { name: 'Join meeting' }).waitFor();
  }
  refusal = null;
  await guest.page.route('**/api/rooms/join', (route) => route.abort());
  await guest.page.goto(link);
  await guest.page.getByText('The server cannot be reached. Check your network. We keep trying.').waitFor();
  await guest.context.close();
});

/** A socket whose other end closes it as soon as it is joined with that code. */
async function closedWith(code) {
  const guest = await arrive(`Closed ${code}`);
  await guest.page.routeWebSocket(/\/signal$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (typeof message === 'string' && message.includes('"join"')) void socket.close({ code });
      else server.send(message);
    });
  });
  await guest.openLink(link);
  await guest.page.getByRole('textbox', { name: 'Your name' }).fill(guest.name);
  await guest.page.getByRole('button', { name: 'Join meeting' }).click();
  return guest;
}

test('each way in which the meeting closes a connection has its own words and a way back', async () => {
  for (const [code, title, button] of [
    [4000, 'This page and the meeting did not understand each other', 'Reload'],
    [4001, 'You joined from somewhere else', 'Rejoin'],
    [4002, 'The meeting has ended', 'Start a new meeting'],
    [4003, 'Too much was sent at once', 'Rejoin'],
    [4005, 'The host did not let you in', 'Ask again'],
    [4006, 'A host removed you from the meeting', 'Start a new meeting'],
  ]) {
    const guest = await closedWith(code);
    await heading(guest.page, title);
    await guest.page.getByRole('button', { name: button }).waitFor();
    await guest.context.close();
  }
});

test('a socket that cannot be opened is told as that, while the page keeps trying', async () => {
  const guest = await arrive('Guest');
  await guest.page.addInitScript(() => {
    const Original = window.WebSocket;
    window.WebSocket = class extends Original {
      constructor(url, protocols) {
        // Nothing answers there: as if a firewall stopped it.
        super(window.blocked === false ? url : url.replace('/signal', '/nothing'), protocols);
      }
    };
  });
  await guest.page.goto(link);
  await guest.page.getByRole('status', { name: 'Connection' }).getByText('its live connection cannot be opened').waitFor();
  await guest.page.evaluate(() => {
    window.blocked = false;
  });
  await guest.page.getByRole('status', { name: 'Connection' }).getByText(/^Ready\./).waitFor({ timeout: 30_000 });
  await guest.context.close();
});

test('a browser without calls is told so at once, and nothing is left turning', async () => {
  const old = await arrive('Old');
  await old.page.addInitScript(() => {
    delete window.RTCPeerConnection;
  });
  await old.page.goto(link);
  await heading(old.page, 'This browser cannot make calls');
  await old.page.getByText('Open the link in a current Chrome, Edge, Firefox or Safari.').waitFor();
  assert.equal(await old.page.getByRole('button', { name: 'Join meeting' }).count(), 0);
  assert.deepEqual(old.problems, []);
  await old.context.close();
});

test('an address that is not secure leads to the secure one', async () => {
  const insecure = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--host-resolver-rules=MAP plain.example 127.0.0.1'],
  });
  try {
    const page = await insecure.newPage();
    const plain = link.replace('localhost', 'plain.example');
    await page.goto(plain);
    await heading(page, 'This address is not secure');
    const way = await page.getByRole('link', { name: 'Open the secure address' }).getAttribute('href');
    assert.equal(way, plain.replace('http:', 'https:'));
  } finally {
    await insecure.close();
  }
});

test('without a region one is told so and stays in', async () => {
  const guest = await arrive('Guest');
  await guest.page.routeWebSocket(/\/signal$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const told = typeof message === 'string' && message.startsWith('{') ? JSON.parse(message) : {};
      if (told.type === 'answer') socket.send(JSON.stringify({ type: 'error', code: 'region_unavailable', message: '', about: 'join' }));
      else socket.send(message);
    });
  });
  await guest.openLink(link);
  await guest.join();
  await guest.page.getByRole('status').getByText('No media region can take the call right now').waitFor();
  await guest.say('still here');
  assert.match(await guest.readsChat(), /still here/);
  await guest.context.close();
});
