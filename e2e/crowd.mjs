// People who make a room full without a browser each: they walk in by REST and WebSocket like anybody,
// with their cameras off. And a camera that costs next to nothing, for those who have a browser.

import { randomUUID } from 'node:crypto';

import { Socket } from './caller.mjs';

export const NAMES = [
  'Grace Hopper', 'Edsger Dijkstra', 'Barbara Liskov', 'Alan Turing', 'Katherine Johnson', 'Donald Knuth', 'Radia Perlman',
  'Ken Thompson', 'Frances Allen', 'Tony Hoare', 'Karen Spärck Jones', 'Dennis Ritchie', 'Margaret Hamilton', 'Niklaus Wirth',
  'Shafi Goldwasser', 'Leslie Lamport', 'Hedy Lamarr', 'John Backus', 'Adele Goldberg', 'Robin Milner', 'Mary Jackson', 'Per Brinch Hansen',
  'Sophie Wilson', 'Butler Lampson', 'Joan Clarke', 'Edgar Codd', 'Lynn Conway', 'Jim Gray', 'Jean Sammet', 'Peter Naur',
  'Evelyn Boyd Granville', 'Fernando Corbató', 'Sister Mary Kenneth Keller', 'Ole-Johan Dahl', 'Annie Easley', 'Kristen Nygaard',
  'Mavis Batey', 'Manuel Blum', 'Kathleen Booth', 'Andrew Yao', 'Betty Holberton', 'Vint Cerf', 'Marlyn Meltzer', 'Bob Kahn',
  'Ruth Teitelbaum', 'Judea Pearl', 'Jean Bartik', 'Whitfield Diffie', 'Kay McNulty', 'Martin Hellman',
];

/** Somebody in the meeting behind a link, without a browser. */
export async function enter(link, name, { microphone = false } = {}) {
  const { origin, pathname } = new URL(link);
  const answer = await fetch(`${origin}/api/rooms/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: pathname.split('/').at(-1) }),
  });
  if (!answer.ok) throw new Error(`no seat for ${name}: ${answer.status} ${await answer.text()}`);
  const socket = await Socket.open(await answer.json());
  await socket.next('seated');
  // No region takes this offer: nothing here is about media.
  socket.say({ type: 'join', name, microphone, camera: false, offer: { sdp: 'v=0\r\n', tracks: [] } });
  return socket;
}

/** The same, walked in: their socket, which has heard `welcome`. */
export async function walkIn(link, name, more) {
  const socket = await enter(link, name, more);
  const { you } = await socket.next('welcome');
  return Object.assign(socket, { id: you });
}

/** Writes into the chat, to everybody or to one. */
export function write(socket, text, to) {
  socket.say({ type: 'chat', id: randomUUID(), text, ...(to && { to }) });
}

/** Runs in a page before anything else. */
export function smallCamera() {
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    const context = canvas.getContext('2d');
    setInterval(() => {
      context.fillStyle = `hsl(${(performance.now() / 10) % 360} 80% 50%)`;
      context.fillRect(0, 0, 160, 90);
    }, 250);
    const tracks = constraints.video ? canvas.captureStream(4).getVideoTracks() : [];
    if (constraints.audio) tracks.push(...new AudioContext().createMediaStreamDestination().stream.getAudioTracks());
    return new MediaStream(tracks);
  };
}
