/**
 * A message of media: a packet of sound, or a piece of an encoded picture. docs/protocol.md says what
 * its bytes are.
 */
export const HEAD_BYTES = 9;
/** Bytes of a payload. */
export const PAYLOAD_BYTES = 1100;

const SOUND = 1;
const PICTURE = 2;
const FIRST = 0x20;
const LAST = 0x40;
const KEYFRAME = 0x80;
const VOICE = 0x80;

export interface Piece {
  kind: "audio" | "video";
  first: boolean;
  last: boolean;
  keyframe: boolean;
  section: number;
  /** Of the packet or the picture, counting up to 65535 and from 0 again. */
  number: number;
  /** RTP time. */
  timestamp: number;
  payload: Uint8Array;
}

export function readPiece(message: ArrayBuffer): Piece | null {
  if (message.byteLength <= HEAD_BYTES) return null;
  const view = new DataView(message);
  const flags = view.getUint8(0);
  const kind = (flags & 0x0f) === SOUND ? "audio" : (flags & 0x0f) === PICTURE ? "video" : null;
  return (
    kind && {
      kind,
      first: (flags & FIRST) !== 0,
      last: (flags & LAST) !== 0,
      keyframe: (flags & KEYFRAME) !== 0,
      section: view.getUint8(1),
      number: view.getUint16(2),
      timestamp: view.getUint32(4),
      payload: new Uint8Array(message, HEAD_BYTES),
    }
  );
}

/** A packet of sound; `level` in -dBov, 0 to 127. */
export function soundPiece(
  section: number,
  number: number,
  timestamp: number,
  level: number,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const voice = level < 50 ? VOICE : 0;
  return write(SOUND | FIRST | LAST, section, number, timestamp, Math.min(127, level) | voice, payload);
}

/** The pieces of a picture. */
export function picturePieces(
  section: number,
  number: number,
  timestamp: number,
  keyframe: boolean,
  frame: Uint8Array,
): Uint8Array<ArrayBuffer>[] {
  const count = Math.ceil(frame.length / PAYLOAD_BYTES);
  return Array.from({ length: count }, (_, place) => {
    const flags = (place === 0 ? FIRST : 0) | (place === count - 1 ? LAST : 0) | (keyframe ? KEYFRAME : 0);
    const payload = frame.subarray(place * PAYLOAD_BYTES, (place + 1) * PAYLOAD_BYTES);
    return write(PICTURE | flags, section, number, timestamp, 0, payload);
  });
}

function write(
  flags: number,
  section: number,
  number: number,
  timestamp: number,
  level: number,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(HEAD_BYTES + payload.length);
  const view = new DataView(message.buffer);
  view.setUint8(0, flags);
  view.setUint8(1, section);
  view.setUint16(2, number & 0xffff);
  view.setUint32(4, timestamp >>> 0);
  view.setUint8(8, level);
  message.set(payload, HEAD_BYTES);
  return message;
}

export interface Picture {
  keyframe: boolean;
  timestamp: number;
  data: Uint8Array;
}

/** Bytes of a picture that is put together; more is none. */
const PICTURE_BYTES = 2_000_000;

/** Puts pieces of one section together. A picture that was cut off is dropped, and all up to a keyframe. */
export class Assembler {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #number: number | null = null;
  #broken = true;

  /** The picture that this piece completes. */
  take({ first, last, keyframe, number, timestamp, payload }: Piece): Picture | null {
    if (first) {
      const follows = this.#number !== null && number === ((this.#number + 1) & 0xffff) && this.#pieces.length === 0;
      if (!follows && !keyframe) this.#broken = true;
      if (keyframe) this.#broken = false;
      this.#start(number);
    }
    if (this.#number !== number || (!first && this.#pieces.length === 0)) return null;
    this.#pieces.push(payload);
    this.#bytes += payload.length;
    if (this.#bytes > PICTURE_BYTES) {
      this.#broken = true;
      this.#start(number);
    }
    if (!last) return null;
    const data = new Uint8Array(this.#bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      data.set(piece, at);
      at += piece.length;
    }
    this.#start(number);
    return this.#broken ? null : { keyframe, timestamp, data };
  }

  #start(number: number): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#number = number;
  }
}
