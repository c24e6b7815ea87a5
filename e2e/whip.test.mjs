// Programs of others publish into a meeting by WHIP (RFC 9725) and watch it by WHEP: seen, heard and led
// like people, and refused for whatever is not right.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { elsewhere } from './accounts.mjs';
import { arrive, call, makeRoom, post, refused, start, stop, system, takeSeat, url } from './caller.mjs';
import { Person, launch } from './people.mjs';
import { Program } from './stream.mjs';
import { until } from './system.mjs';

const STREAMS = 20;
const STREAM_SDP_BYTES = 32 * 1024;
const SDP = { 'content-type': 'application/sdp' };
/** What no region answers, though it looks like an offer. */
const EMPTY_OFFER = 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\n';

let browser;
before(async () => {
  await start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await stop();
});

const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** A meeting, and how its host asks for tokens. */
async function meeting() {
  const { room, host_secret } = await makeRoom();
  const { seat } = await takeSeat(room.code, { host_secret });
  const access = async (kind, more = {}) => {
    const answer = await post(`/api/rooms/${room.id}/streams`, { kind, name: `A ${kind}er`, ...more }, bearer(seat));
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  };
  return { room, seat, host_secret, access, path: `/api/rooms/${room.id}` };
}

describe('programs', () => {
  for (const codec of ['vp8', 'h264']) {
    test(`one that publishes ${codec} is seen and heard in a browser, and another watches it`, async () => {
      const { room, access } = await meeting();
      const ada = await Person.arrive(browser, 'Ada');
      await ada.openLink(room.link);
      await ada.join();
      const publisher = new Program('publish', await access('publish'), codec);
      await publisher.connects();
      assert.equal(publisher.said.type, 'application/sdp');
      assert.match(publisher.said.location, new RegExp(`^${url}/api/rooms/${room.id}/whip/\\d+$`));
      await ada.seesAndHears(['A publisher'], 60_000);

      // The only one who sends pictures besides Ada, whom nobody speaks over: both can be what is followed.
      const watcher = new Program('watch', await access('watch'));
      await watcher.connects();
      await watcher.says('that it decodes pictures and sound', ({ frames, loud }) => frames > 10 && loud > 10, 60_000);
      await ada.seesTile('A watcher');

      assert.equal(await publisher.end(), 200);
      await ada.losesTile('A publisher');
      assert.equal(await watcher.end(), 200);
      await ada.losesTile('A watcher');
      assert.deepEqual(ada.problems, []);
      await ada.context.close();
    });
  }

  test('hosts mute and remove it, and its token is good no longer', async () => {
    const { room, access, host_secret } = await meeting();
    const host = await arrive(room.code, 'Ada', { host_secret });
    const granted = await access('publish');
    const publisher = new Program('publish', granted);
    const { change } = await host.socket.next('change', ({ change }) => change.kind === 'joined');
    assert.equal(change.participant.stream, 'publish');
    assert.deepEqual([change.participant.microphone, change.participant.camera], [true, true]);
    await publisher.connects();
    const watcher = new Program('watch', await access('watch'));
    await watcher.says('that it hears', ({ loud }) => loud > 10);

    host.socket.say({ type: 'stop', participant: change.participant.id, source: 'microphone' });
    let [heard, since] = [-1, 0];
    await watcher.says('that nothing more is heard', ({ loud, report }) => {
      if (loud !== heard) [heard, since] = [loud, report];
      return report >= since + 4;
    });
    host.socket.say({ type: 'remove', participant: change.participant.id });
    await host.socket.next('change', (it) => it.change.kind === 'left');
    await publisher.says('that it was ended', ({ state }) => state === 'closed' || state === 'failed');
    refused(await call('POST', new URL(granted.url).pathname, { body: EMPTY_OFFER, headers: { ...SDP, ...bearer(granted.token) } }), 401, 'unauthorized');
    await Promise.all([publisher.kill(), watcher.end()]);
    host.socket.close();
  });

  test('one that is killed is out, and comes back with the same token', async () => {
    const { room, access, host_secret } = await meeting();
    const host = await arrive(room.code, 'Ada', { host_secret });
    const granted = await access('publish');
    const first = new Program('publish', granted);
    await first.connects();
    await first.kill();
    await host.socket.next('change', ({ change }) => change.kind === 'updated' && change.participant.presence === 'reconnecting');
    const second = new Program('publish', granted);
    await second.connects();
    await host.socket.next('change', ({ change }) => change.kind === 'updated' && change.participant.presence === 'connected');
    await second.kill();
    await host.socket.next('change', ({ change }) => change.kind === 'left');
    host.socket.close();
  });
});

describe('tokens', () => {
  test('are for hosts, bounded, listed without themselves, and taken back', async () => {
    const { room, path, seat, access } = await meeting();
    const guest = await takeSeat(room.code);
    refused(await post(`${path}/streams`, { kind: 'publish', name: 'x' }, bearer(guest.seat)), 403, 'forbidden');
    refused(await post(`${path}/streams`, { kind: 'publish', name: 'x' }), 401, 'unauthorized');
    refused(await post(`${path}/streams`, { kind: 'both', name: '' }, bearer(seat)), 400, 'invalid_request', ['kind', 'name']);
    for (const seconds of [0, 59, 86_401]) {
      refused(await post(`${path}/streams`, { kind: 'watch', name: 'x', seconds }, bearer(seat)), 400, 'invalid_request', ['seconds']);
    }
    const made = [];
    for (let count = 0; count < STREAMS; count += 1) made.push(await access('watch', { seconds: 60 + count }));
    refused(await post(`${path}/streams`, { kind: 'watch', name: 'x' }, bearer(seat)), 409, 'room_full');
    refused(await call('GET', `${path}/streams`, { headers: bearer(guest.seat) }), 403, 'forbidden');
    const list = await call('GET', `${path}/streams`, { headers: bearer(seat) });
    assert.deepEqual(list.json.streams, made.map(({ stream }) => stream));
    assert.ok(!list.text.includes(made[0].token));
    const { id } = made[0].stream;
    refused(await call('DELETE', `${path}/streams/${id}`, { headers: bearer(guest.seat) }), 403, 'forbidden');
    assert.equal((await call('DELETE', `${path}/streams/${id}`, { headers: bearer(seat) })).status, 204);
    refused(await call('DELETE', `${path}/streams/${id}`, { headers: bearer(seat) }), 404, 'not_found');
    assert.equal((await call('GET', `${path}/streams`, { headers: bearer(seat) })).json.streams.length, STREAMS - 1);
  });

  test('of another meeting, of the other kind, forged, or none, open nothing', async () => {
    const [here, there] = [await meeting(), await meeting()];
    const [publish, watch, elsewhere] = [await here.access('publish'), await here.access('watch'), await there.access('publish')];
    for (const token of [watch.token, elsewhere.token, here.seat, `${publish.token}x`, publish.token.slice(0, -2), 'x'.repeat(5_000), '']) {
      const answer = await call('POST', `${here.path}/whip`, { body: EMPTY_OFFER, headers: { ...SDP, ...bearer(token) } });
      refused(answer, 401, 'unauthorized');
      refused(await call('DELETE', `${here.path}/whip/1`, { headers: bearer(token) }), 401, 'unauthorized');
    }
    refused(await call('POST', `${here.path}/whip`, { body: EMPTY_OFFER, headers: SDP }), 401, 'unauthorized');
    assert.equal((await call('GET', here.path)).json.phase, 'created', 'nobody came in');
  });
});

describe('offers', () => {
  const offer = (path, token, body, headers = SDP) => call('POST', path, { body, headers: { ...headers, ...bearer(token) } });

  test('of another type, too long, malformed or of the wrong direction are refused, and nobody comes in', async () => {
    const { path, access } = await meeting();
    const { token } = await access('publish');
    refused(await offer(`${path}/whip`, token, EMPTY_OFFER, { 'content-type': 'application/json' }), 415, 'invalid_request');
    refused(await offer(`${path}/whip`, token, `${EMPTY_OFFER}${'a=x\r\n'.repeat(STREAM_SDP_BYTES)}`), 413, 'too_large');
    for (const body of ['', '{}', 'v=0', 'v=0\r\n', new Uint8Array([0xff, 0xfe]), EMPTY_OFFER.replace('sendonly', 'recvonly'), EMPTY_OFFER.replace('a=mid:0\r\n', ''), EMPTY_OFFER + EMPTY_OFFER.slice(EMPTY_OFFER.indexOf('m='))]) {
      refused(await offer(`${path}/whip`, token, body), 400, 'invalid_request');
    }
    refused(await offer(`${path}/whip`, token, EMPTY_OFFER), 422, 'offer_rejected');
    const details = await call('GET', path);
    assert.deepEqual([details.json.phase, details.json.participants], ['waiting', 0]);
  });

  test('hundreds of sessions of one token are one at a time', async () => {
    const { path, access, room, host_secret } = await meeting();
    const host = await arrive(room.code, 'Ada', { host_secret });
    const { token } = await access('publish');
    const place = { ...SDP, ...elsewhere() };
    const answers = [];
    for (let round = 0; round < 50; round += 1) {
      answers.push(...await Promise.all(Array.from({ length: 4 }, () => offer(`${path}/whip`, token, EMPTY_OFFER, place))));
    }
    const statuses = new Set(answers.map(({ status }) => status));
    for (const status of statuses) assert.ok([422, 429, 503].includes(status), String(status));
    await until('only the host is in', async () => (await call('GET', path)).json.participants === 1);
    host.socket.close();
  });
});

describe('sessions', () => {
  test('say what RFC 9725 asks for, to every page', async () => {
    const { path, access, room } = await meeting();
    const granted = await access('publish');
    const publisher = new Program('publish', granted);
    await publisher.connects();
    const session = new URL(publisher.said.location).pathname;
    const tag = publisher.said.etag;
    assert.match(tag, /^"\d+"$/);
    const fragment = { 'content-type': 'application/trickle-ice-sdpfrag', ...bearer(granted.token) };
    const patch = (headers) => call('PATCH', session, { body: 'a=ice-ufrag:x\r\n', headers });
    assert.equal((await patch({ ...fragment, 'if-match': tag })).status, 204);
    assert.equal((await patch({ ...fragment, 'if-match': '*' })).status, 422);
    assert.equal((await patch({ ...fragment, 'if-match': '"x"' })).status, 412);
    assert.equal((await patch(fragment)).status, 428);
    assert.equal((await patch({ ...fragment, 'content-type': 'text/plain', 'if-match': tag })).status, 415);
    refused(await call('DELETE', `${path}/whip/999`, { headers: bearer(granted.token) }), 404, 'not_found');
    refused(await call('GET', `${path}/whip`), 405, 'method_not_allowed');
    const preflight = await call('OPTIONS', `${path}/whip`, { headers: { origin: 'https://studio.example', 'access-control-request-method': 'POST' } });
    assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin'), preflight.headers.get('accept-post')], [204, '*', 'application/sdp']);
    assert.match(preflight.headers.get('access-control-allow-headers'), /authorization/);
    assert.equal((await call('GET', path)).json.participants, 1, room.code);
    assert.equal(await publisher.end(), 200);
    refused(await call('DELETE', session, { headers: bearer(granted.token) }), 404, 'not_found');
    assert.equal((await call('GET', path)).json.participants, 0);
    assert.ok(!system || !system.output.includes(granted.token), 'no token in a log');
  });
});
