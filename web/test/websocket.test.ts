import { describe as group, expect, test } from "vitest";
import { describe, reachedAt } from "../src/media/websocket/description";
import { Assembler, HEAD_BYTES, PAYLOAD_BYTES, picturePieces, readPiece, soundPiece } from "../src/media/websocket/piece";
import { Playout, RATE } from "../src/media/websocket/playout";
import { FIRST_BPS, Uplink } from "../src/media/websocket/uplink";

const BLOCK = 128;
const PACKET = RATE / 50;

group("pieces", () => {
  test("a packet of sound is read as it was written", () => {
    const piece = readPiece(soundPiece(3, 65_537, 2 ** 32 + 5, 20, new Uint8Array([1, 2, 3])).buffer);
    expect(piece).toEqual({
      kind: "audio",
      first: true,
      last: true,
      keyframe: false,
      section: 3,
      number: 1,
      timestamp: 5,
      payload: new Uint8Array([1, 2, 3]),
    });
    expect(readPiece(new ArrayBuffer(HEAD_BYTES))).toBeNull();
    expect(readPiece(new Uint8Array([0x63, 0, 0, 0, 0, 0, 0, 0, 0, 1]).buffer)).toBeNull();
  });

  const picture = (number: number, keyframe: boolean, bytes = 2_500) =>
    picturePieces(1, number, number * 3_000, keyframe, new Uint8Array(bytes).fill(number)).map((message) => {
      expect(message.length).toBeLessThanOrEqual(HEAD_BYTES + PAYLOAD_BYTES);
      const piece = readPiece(message.buffer);
      if (!piece) throw new Error("not a piece");
      return piece;
    });

  test("pieces become the picture that they are of", () => {
    const assembler = new Assembler();
    const pictures = [picture(1, true), picture(2, false, 100)].flat().flatMap((piece) => assembler.take(piece) ?? []);
    expect(pictures.map(({ keyframe, data }) => [keyframe, data.length, data[0]])).toEqual([
      [true, 2_500, 1],
      [false, 100, 2],
    ]);
  });

  test("what was cut off takes all with it up to a keyframe", () => {
    const assembler = new Assembler();
    const taken = [picture(1, true), picture(2, false).slice(0, 2), picture(3, false), picture(4, false), picture(5, true)]
      .flat()
      .flatMap((piece) => assembler.take(piece) ?? []);
    expect(taken.map(({ data }) => data[0])).toEqual([1, 5]);
  });

  test("nothing is shown before the first keyframe", () => {
    const assembler = new Assembler();
    expect(picture(7, false).flatMap((piece) => assembler.take(piece) ?? [])).toEqual([]);
  });
});

group("sound that is to be heard", () => {
  /** Plays for so many seconds what comes at these times, given in milliseconds for each packet. */
  function play(seconds: number, arrives: (packet: number) => number): Playout {
    const playout = new Playout();
    const out = new Float32Array(BLOCK);
    let packet = 0;
    for (let now = 0; now < seconds * 1_000; now += (BLOCK * 1_000) / RATE) {
      while (packet < seconds * 50 && arrives(packet) <= now) {
        playout.push(packet * 20, new Float32Array(PACKET).fill(0.5));
        packet += 1;
      }
      playout.pull(out);
    }
    return playout;
  }

  test("what comes evenly is played whole, soon after it came", () => {
    const playout = play(20, (packet) => packet * 20);
    expect(playout.concealed).toBe(0);
    expect(playout.waiting).toBeLessThan(RATE * 0.1);
    expect(playout.energy / (playout.played / RATE)).toBeCloseTo(0.25, 2);
  });

  test("what one gap took is waited for from then on", () => {
    // Every second all that is sent for 160 ms comes at once.
    const late = (packet: number) => (packet % 50 < 8 ? packet - (packet % 50) + 8 : packet) * 20;
    const playout = play(30, late);
    expect(playout.concealed / (playout.played + playout.concealed)).toBeLessThan(0.02);
  });

  test("a wait that is no longer needed goes away", () => {
    const playout = play(60, (packet) => (packet > 100 && packet < 120 ? 120 : packet) * 20);
    expect(playout.waiting).toBeLessThan(RATE * 0.2);
  });

  test("what is too much is not kept, and silence of somebody who stopped is no gap", () => {
    const playout = new Playout();
    for (let packet = 0; packet < 500; packet += 1) playout.push(packet * 20, new Float32Array(PACKET));
    expect(playout.waiting).toBeLessThanOrEqual(RATE * 1.5);
    const out = new Float32Array(BLOCK);
    for (let block = 0; block < 5_000; block += 1) playout.pull(out);
    expect(playout.concealed).toBeLessThan(RATE);
    expect(playout.time).toBeNull();
  });
});

group("the uplink", () => {
  const piece = () => [new Uint8Array(1_100)];

  /** Sends a piece each 10 ms for so many seconds, answered after so many milliseconds. */
  function send(uplink: Uplink, from: number, seconds: number, took: number): number {
    uplink.answered(from);
    let due = Number.POSITIVE_INFINITY;
    let now = from;
    for (; now < from + seconds * 1_000; now += 10) {
      if (uplink.mayEncode(now)) uplink.push(now, piece());
      uplink.take(now);
      if (uplink.asks(now)) due = now + took;
      if (now >= due) {
        uplink.answered(now);
        due = Number.POSITIVE_INFINITY;
      }
    }
    return now;
  }

  test("the rate rises while answers come soon, and falls when they come late", () => {
    const uplink = new Uplink();
    const now = send(uplink, 0, 10, 40);
    const high = uplink.rate;
    expect(high).toBeGreaterThan(FIRST_BPS);
    send(uplink, now, 8, 700);
    expect(uplink.rate).toBeLessThan(high / 2);
  });

  test("little is under way, and what waits too long is dropped", () => {
    const uplink = new Uplink();
    for (let count = 0; count < 200; count += 1) uplink.push(0, piece());
    const sent = uplink.take(0).length * 1_100;
    expect(sent).toBeLessThan(16_000 + (FIRST_BPS / 8_000) * 150 + 1_101);
    expect(uplink.mayEncode(1)).toBe(false);
    expect(uplink.take(100)).toEqual([]);
    expect(uplink.broken).toBe(false);
    uplink.take(1_000);
    expect(uplink.broken).toBe(true);
    expect(uplink.mayEncode(1_000)).toBe(true);
  });
});

group("the description", () => {
  test("it has sections for all that is sent and received, and the region's answer says where", () => {
    const { offer, sections } = describe(2, 3);
    expect(offer.tracks.map(({ mid, source }) => `${mid} ${source}`)).toEqual(["0 microphone", "1 camera", "2 screen", "3 screen_audio"]);
    expect(sections).toEqual({ audio: [4, 5], video: [6, 7, 8] });
    expect(offer.sdp.match(/^m=/gm)).toHaveLength(10);
    expect(offer.sdp).toMatch(/m=application 9 TCP\/WSS json\r\na=mid:9\r\n$/);
    expect(reachedAt("v=0\r\na=wss-uri:wss://fra.example/v1/media\r\na=ticket:0001ab\r\n")).toEqual({
      url: "wss://fra.example/v1/media",
      ticket: "0001ab",
    });
    expect(() => reachedAt("v=0\r\na=ice-ufrag:x\r\n")).toThrow();
  });
});
