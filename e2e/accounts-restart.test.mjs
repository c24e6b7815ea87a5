// The Worker dies at any moment while people sign up, sign in, invite and go: what was answered holds, and
// what was promised by mail arrives.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device, PASSWORD, elsewhere, freshAddress, hasLink, mails, tokenIn } from './accounts.mjs';
import { call, start, stop, system } from './caller.mjs';
import { until } from './system.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The Worker is killed as soon as so many of the requests are answered: the others are on their way. */
const CUTS = [0, 2, 6, 11];
const AT_ONCE = 4;

const skip = process.env.MERIDIAN_URL ? 'needs a system of its own' : false;

before(async () => {
  if (!skip) await start();
});
after(stop);

/** Asks, kills the Worker after so many answers, starts it again, and says what was answered (nothing where nothing was). */
async function cutAfter(count, asks) {
  let answered = 0;
  let enough;
  const reached = new Promise((resolve) => {
    enough = resolve;
  });
  const answers = asks.map(async (ask) => {
    const answer = await ask().catch(() => null);
    answered += 1;
    if (answered >= count) enough();
    return answer;
  });
  if (count > 0) await reached;
  await system.killEdge();
  const all = await Promise.all(answers);
  await system.startEdge();
  return all;
}

const several = (make) => Promise.all(Array.from({ length: AT_ONCE }, make));

test('what was answered holds, whenever the Worker dies', { skip }, async () => {
  const kept = { register: 0, invite: 0, remove: 0, lost: 0 };
  for (const cut of CUTS) {
    const hosts = await several(() => Device.signUp('Host'));
    const leaving = await several(() => Device.signUp('Leaving'));
    const rooms = await Promise.all(leaving.map((device) => device.meet({ title: 'Left', kind: 'public' })));
    const addresses = hosts.map(() => freshAddress());
    const guests = hosts.map(() => freshAddress());
    const answers = await cutAfter(cut, [
      ...addresses.map((email) => () => call('POST', '/api/auth/register', { body: { name: 'New', email, password: PASSWORD }, headers: elsewhere() })),
      ...hosts.map((host, at) => () => host.ask('POST', '/api/rooms/create', { title: 'Cut', starts_at: Date.now() + DAY_MS, invite: [guests[at]] })),
      ...leaving.map((device) => () => device.ask('DELETE', '/api/users/profile')),
    ]);
    const [registered, invited, removed] = [0, 1, 2].map((part) => answers.slice(part * AT_ONCE, (part + 1) * AT_ONCE));
    const done = (answer, status) => answer?.status === status || (kept.lost += 1, false);

    for (const [at, answer] of registered.entries()) {
      if (!done(answer, 201)) {
        // Whoever got no answer asks again.
        const again = await call('POST', '/api/auth/register', { body: { name: 'New', email: addresses[at], password: PASSWORD }, headers: elsewhere() });
        assert.equal(again.status, 201, again.text);
      }
      const [mail] = await mails(addresses[at], hasLink('verify'));
      const verified = await call('POST', '/api/auth/verify', { body: { token: tokenIn(mail, 'verify') }, headers: elsewhere() });
      assert.equal(verified.status, 200, `cut after ${cut} answers: ${verified.text}`);
      await new Device({ name: 'New', email: addresses[at] }).signIn();
      kept.register += 1;
    }
    for (const [at, answer] of invited.entries()) {
      // Signed in before, signed in after.
      assert.equal((await hosts[at].refresh()).status, 200);
      if (!done(answer, 201)) continue;
      const { room } = answer.json;
      assert.equal((await hosts[at].ask('GET', `/api/rooms/${room.id}`)).json.title, 'Cut');
      const [mail] = await mails(guests[at]);
      assert.ok(mail.links.includes(room.link) && mail.attachments.length === 1);
      await until('it is in the list', async () => (await hosts[at].ask('GET', '/api/rooms')).json.upcoming.some(({ id }) => id === room.id));
      kept.invite += 1;
    }
    for (const [at, answer] of removed.entries()) {
      const gone = answer?.status === 204;
      if (!gone) kept.lost += 1;
      const { status } = await leaving[at].refresh();
      if (gone) assert.equal(status, 401, `cut after ${cut} answers`);
      // Deleted or not, but never by half.
      const code = rooms[at].code;
      const expected = status === 401 ? 410 : 200;
      await until('the meeting follows its owner', async () => (await call('POST', '/api/rooms/join', { body: { code, name: 'Gus' }, headers: elsewhere() })).status === expected);
      kept.remove += 1;
    }
  }
  console.log(`${kept.register} sign-ups, ${kept.invite} invitations and ${kept.remove} deletions held; ${kept.lost} requests got no answer`);
  assert.ok(kept.lost > 0 && kept.invite > 0);
});
