import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MediaLink } from "../src/call/state";
import type { MediaEvents, OfferedConnection } from "../src/media/connection";
import { MediaSession } from "../src/media/session";
import type { TrackKey } from "../src/media/slots";
import type { IceServer, MediaOffer, Slot } from "../src/protocol";

class FakeConnection implements OfferedConnection {
  readonly offer: Promise<MediaOffer>;
  readonly sounds: readonly MediaStreamTrack[];
  readonly published: string[] = [];
  accepted: string | null = null;
  doubts = 0;
  closed = false;
  delivered?: () => ReadonlyMap<TrackKey, number>;
  retire?: () => void;
  relays: readonly IceServer[] = [];

  constructor(
    readonly number: number,
    readonly events: MediaEvents,
  ) {
    this.offer = Promise.resolve({ sdp: `offer ${number}`, tracks: [] });
    this.sounds = [{ id: `voice ${number}`, enabled: true } as MediaStreamTrack];
  }

  async accept(sdp: string, _slots: readonly Slot[]): Promise<void> {
    this.accepted = sdp;
  }
  publish(source: string, track: MediaStreamTrack | null): void {
    this.published.push(`${source}:${track?.id ?? "none"}`);
  }
  wish(): void {}
  doubt(): void {
    this.doubts += 1;
  }
  relayBy(servers: readonly IceServer[]): void {
    this.relays = servers;
  }
  stats(): Promise<RTCStatsReport> {
    return Promise.resolve(new Map() as unknown as RTCStatsReport);
  }

  close(): void {
    this.closed = true;
  }
}

let connections: FakeConnection[];
let links: MediaLink[];
let requests: string[];
let socketOpen: boolean;
let paused: number[];
let weak: number[];
let played: readonly MediaStreamTrack[];

function begin(): MediaSession {
  return new MediaSession(
    (events) => {
      const connection = new FakeConnection(connections.length + 1, events);
      connections.push(connection);
      return connection;
    },
    {
      link: (link) => links.push(link),
      carrier: () => {},
      tracks: () => {},
      sounds: (tracks) => {
        played = tracks;
      },
      speakers: () => {},
      paused: (tiles) => paused.push(tiles.length),
      networks: (people) => weak.push(people.length),
      ready: () => {},
      reachable: () => socketOpen,
      request: (offer) => {
        if (socketOpen) requests.push(offer.sdp);
        return socketOpen;
      },
    },
  );
}

const voices = () => played.map(({ id, enabled }) => `${id} ${enabled ? "on" : "off"}`);

const made = (number: number) => connections[number - 1] as FakeConnection;

/** In a meeting, media flowing. */
async function connected(): Promise<MediaSession> {
  const session = begin();
  await vi.advanceTimersByTimeAsync(0);
  expect(session.takeOffer()?.sdp).toBe("offer 1");
  session.accept("answer 1", []);
  made(1).events.connected();
  return session;
}

beforeEach(() => {
  vi.useFakeTimers();
  connections = [];
  links = [];
  requests = [];
  socketOpen = true;
  paused = [];
  weak = [];
});
afterEach(() => {
  vi.useRealTimers();
});

test("the offer is made ahead, and taken without waiting", async () => {
  const session = begin();
  expect(session.takeOffer()).toBeNull();
  await vi.advanceTimersByTimeAsync(0);
  expect(session.takeOffer()?.sdp).toBe("offer 1");
  session.accept("answer 1", []);
  expect(made(1).accepted).toBe("answer 1");
});

test("what is tried beside gets what is sent and shown, and takes over without an offer", async () => {
  const session = await connected();
  session.publish("camera", { id: "face" } as MediaStreamTrack);
  const outcomes: boolean[] = [];
  session.beside.try(
    (events) => {
      connections.push(new FakeConnection(2, events));
      return made(2);
    },
    (flows) => outcomes.push(flows),
  );
  session.publish("screen", { id: "page" } as MediaStreamTrack);
  expect(made(2).published).toEqual(["camera:face", "screen:page"]);
  made(2).events.paused([{ participant: "bob", source: "camera", reason: "bandwidth" }]);
  expect(paused).toEqual([0]);
  made(2).events.connected();
  expect(outcomes).toEqual([true]);
  expect(made(1).closed).toBe(false);
  expect(session.beside.take()).toBe(true);
  expect(made(1).closed).toBe(true);
  expect(paused.at(-1)).toBe(1);
  expect(requests).toEqual([]);
  expect(session.beside.take(), "again").toBe(true);
});

test("voices that will be heard are played before they are, silently", async () => {
  const session = await connected();
  expect(voices()).toEqual(["voice 1 on"]);
  const beside = () =>
    session.beside.try(
      (events) => {
        connections.push(new FakeConnection(connections.length + 1, events));
        return connections.at(-1) as FakeConnection;
      },
      () => {},
    );
  beside();
  made(2).events.connected();
  expect(voices()).toEqual(["voice 1 on", "voice 2 off"]);
  session.beside.leave();
  expect(voices()).toEqual(["voice 1 on"]);
  beside();
  made(3).events.connected();
  session.beside.take();
  expect(voices()).toEqual(["voice 3 on"]);
  session.beside.leave();
  session.renew();
  await vi.advanceTimersByTimeAsync(0);
  made(4).delivered = () => new Map();
  made(3).delivered = () => new Map([["bob/microphone", 1]]);
  session.accept("answer 4", []);
  made(4).events.connected();
  expect(voices()).toEqual(["voice 3 on", "voice 4 off"]);
  made(4).delivered = () => new Map([["bob/microphone", 1]]);
  await vi.advanceTimersByTimeAsync(100);
  expect(voices()).toEqual(["voice 4 on"]);
});

test("what flows beside a region that is lost takes its place, and is no news to the room afterwards", async () => {
  const session = await connected();
  session.beside.try(
    (events) => {
      connections.push(new FakeConnection(2, events));
      return made(2);
    },
    () => {},
  );
  made(2).events.connected();
  made(1).events.lost();
  await vi.advanceTimersByTimeAsync(10);
  expect([links.at(-1), requests, made(1).closed]).toEqual(["connected", [], true]);
  expect(session.beside.take()).toBe(true);
  expect(session.beside.leave()).toBe(false);
  expect(made(2).closed).toBe(false);
});

test("a connection that goes on is left when everything comes on the next, and sends until the other is done", async () => {
  const session = await connected();
  let [before, after] = [new Map(), new Map()];
  made(1).delivered = () => before;
  let retired = 0;
  made(1).retire = () => {
    retired += 1;
  };
  before = new Map([["bob/camera", 5_000], ["bob/microphone", 5_000], ["cleo/camera", 100]]);
  session.renew();
  await vi.advanceTimersByTimeAsync(0);
  made(2).delivered = () => after;
  session.accept("answer 2", []);
  made(2).events.connected();
  after = new Map([["bob/camera", 1]]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(retired).toBe(0);
  after = new Map([["bob/camera", 1], ["bob/microphone", 1]]);
  await vi.advanceTimersByTimeAsync(100);
  expect([retired, made(1).closed]).toEqual([1, false]);
  session.publish("microphone", null);
  expect(made(1).published).toEqual(["microphone:none"]);
  session.close();
  expect(made(1).closed).toBe(true);
});

test("what took over goes on until a region carries again, also when it is asked for twice", async () => {
  const session = await connected();
  session.beside.try(
    (events) => {
      connections.push(new FakeConnection(2, events));
      return made(2);
    },
    () => {},
  );
  session.beside.take();
  expect(session.renew()).toBe(true);
  expect(session.renew()).toBe(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toEqual(["offer 3"]);
  session.accept("answer 3", []);
  expect(made(2).closed).toBe(false);
  made(3).events.connected();
  expect(made(2).closed).toBe(true);
});

test("what took over and is lost is followed by an offer to a region", async () => {
  const session = await connected();
  session.beside.try(
    (events) => {
      connections.push(new FakeConnection(2, events));
      return made(2);
    },
    () => {},
  );
  session.beside.take();
  made(2).events.lost();
  await vi.advanceTimersByTimeAsync(0);
  expect(links.at(-1)).toBe("recovering");
  expect(requests).toEqual(["offer 3"]);
});

test("what is tried beside and fails is let go, and nothing else changes", async () => {
  const session = await connected();
  const outcomes: boolean[] = [];
  const tried = () =>
    session.beside.try(
      (events) => {
        connections.push(new FakeConnection(connections.length + 1, events));
        return connections.at(-1) as FakeConnection;
      },
      (flows) => outcomes.push(flows),
    );
  tried();
  made(2).events.lost();
  expect([outcomes, made(2).closed, made(1).closed]).toEqual([[false], true, false]);
  tried();
  session.beside.leave();
  made(3).events.lost();
  expect([outcomes, made(3).closed, links.at(-1)]).toEqual([[false], true, "connected"]);
  expect(session.beside.take()).toBe(false);
  tried();
  session.close();
  expect(made(4).closed).toBe(true);
});

test("what could not be asked is asked when it can, and what was refused is not", async () => {
  const session = await connected();
  socketOpen = false;
  session.renew();
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toEqual([]);
  socketOpen = true;
  session.askable();
  session.askable();
  expect(requests).toEqual(["offer 2"]);
  session.refused(true);
  session.askable();
  expect(requests).toEqual(["offer 2"]);
});

test("an answer that nobody asked for is not applied", async () => {
  const session = begin();
  await vi.advanceTimersByTimeAsync(0);
  session.accept("answer", []);
  expect(made(1).accepted).toBeNull();
});

test("pictures stand still as the connection in use says", async () => {
  const session = await connected();
  const still = [{ participant: "p", source: "camera", reason: "bandwidth" }] as const;
  made(1).events.paused(still);
  made(1).events.networks([{ participant: "a", quality: "poor" }]);
  expect([paused.at(-1), weak.at(-1)]).toEqual([1, 1]);
  session.renew();
  await vi.advanceTimersByTimeAsync(0);
  session.accept("answer 2", []);
  made(2).events.paused([...still, { ...still[0], source: "screen" }]);
  made(2).events.networks([]);
  expect([paused.at(-1), weak.at(-1)]).toEqual([1, 1]);
  made(2).events.connected();
  expect([paused.at(-1), weak.at(-1)]).toEqual([2, 0]);
  session.close();
  expect(paused.at(-1)).toBe(0);
});

test("a session is renewed while the old one goes on, one at a time", async () => {
  const session = await connected();
  session.publish("screen", { id: "scr" } as MediaStreamTrack);
  expect(session.renew()).toBe(true);
  expect(session.renew()).toBe(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toEqual(["offer 2"]);
  expect(made(2).published).toEqual(["screen:scr"]);
  session.accept("answer 2", []);
  expect(made(1).closed).toBe(false);
  made(2).events.connected();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(made(1).closed).toBe(true);
  expect(links).not.toContain("recovering");
});

test("a session that the region ends while it is renewed is not asked for twice", async () => {
  const session = await connected();
  session.renew();
  await vi.advanceTimersByTimeAsync(0);
  session.accept("answer 2", []);
  made(1).events.lost();
  await vi.advanceTimersByTimeAsync(100);
  made(2).events.connected();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(requests).toEqual(["offer 2"]);
  expect(connections).toHaveLength(2);
});

test("what interrupts the connection in use is told, and what ends it too", async () => {
  const session = await connected();
  made(1).events.interrupted();
  made(1).events.connected();
  expect(links).toEqual(["connected", "recovering", "connected"]);
  expect(connections).toHaveLength(1);
  session.doubt();
  expect(made(1).doubts).toBe(1);
  socketOpen = false;
  expect(made(1).events.replaceable()).toBe(false);
});

describe("a lost session", () => {
  test("is replaced at once, and the old one stays until the new one flows", async () => {
    const session = await connected();
    made(1).events.lost();
    await vi.advanceTimersByTimeAsync(0);
    expect(requests).toEqual(["offer 2"]);
    session.accept("answer 2", []);
    expect(made(1).closed).toBe(false);
    made(2).events.connected();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(made(1).closed).toBe(true);
    expect(links).toEqual(["connected", "recovering", "connected"]);
  });

  test("keeps publishing what was published", async () => {
    const session = await connected();
    session.publish("camera", { id: "cam" } as MediaStreamTrack);
    made(1).events.lost();
    await vi.advanceTimersByTimeAsync(0);
    expect(made(2).published).toContain("camera:cam");
  });

  test("waits for the socket when that is away too", async () => {
    const session = await connected();
    socketOpen = false;
    made(1).events.lost();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(requests).toEqual([]);
    socketOpen = true;
    session.resumed();
    expect(requests).toEqual(["offer 2"]);
  });

  /** Without a network an offer has no candidates, and some browsers call it failed at once. */
  async function failing(): Promise<MediaSession> {
    const session = await connected();
    socketOpen = false;
    for (const number of [1, 2, 3, 4]) {
      while (connections.length < number) await vi.advanceTimersByTimeAsync(100);
      made(number).events.lost();
    }
    return session;
  }

  test("waits no longer once the socket is back", async () => {
    const session = await failing();
    socketOpen = true;
    session.resumed();
    await vi.advanceTimersByTimeAsync(0);
    expect(connections).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(requests).toEqual(["offer 5"]);
  });

  test("is waited for no more when another way is taken", async () => {
    const session = await failing();
    let other: FakeConnection | undefined;
    session.beside.try(
      (events) => (other = new FakeConnection(9, events)),
      () => {},
    );
    other?.events.connected();
    expect(session.beside.take()).toBe(true);
    socketOpen = true;
    session.resumed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([connections.length, requests, other?.closed]).toEqual([4, [], false]);
  });

  test("is waited for no more when all is over", async () => {
    const session = await failing();
    session.close();
    session.resumed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connections).toHaveLength(4);
  });

  test("leaves the one under way to be asked for again", async () => {
    const session = await connected();
    session.restart();
    await vi.advanceTimersByTimeAsync(0);
    expect(session.takeOffer()?.sdp).toBe("offer 2");
    session.refused(false);
    made(1).events.lost();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(requests).toEqual(["offer 2"]);
  });

  test("is asked for again, ever more slowly, while no region takes it", async () => {
    const session = await connected();
    made(1).events.lost();
    await vi.advanceTimersByTimeAsync(0);
    const times: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const before = requests.length;
      session.refused(false);
      const from = Date.now();
      while (requests.length === before) await vi.advanceTimersByTimeAsync(50);
      times.push(Date.now() - from);
    }
    expect(links).toContain("unavailable");
    expect(Math.max(...times)).toBeLessThanOrEqual(10_050);
    expect(times[5]).toBeGreaterThan(times[0] ?? 0);
    // The offer was never used, so it is still good.
    expect(new Set(requests)).toEqual(new Set(["offer 2"]));
  });

  test("that comes again and again is not brought back in a tight loop", async () => {
    const session = await connected();
    for (let round = 0; round < 5; round += 1) {
      connections.at(-1)?.events.lost();
      await vi.advanceTimersByTimeAsync(100);
      session.accept("answer", []);
    }
    expect(connections.length).toBeLessThanOrEqual(3);
  });

  test("is not brought back in a tight loop either when each one holds for a moment", async () => {
    const session = await connected();
    for (let round = 0; round < 5; round += 1) {
      connections.at(-1)?.events.lost();
      await vi.advanceTimersByTimeAsync(100);
      session.accept("answer", []);
      connections.at(-1)?.events.connected();
    }
    expect(connections.length).toBeLessThanOrEqual(3);
  });
});

describe("an answer that does not come", () => {
  test("is asked for again with a fresh offer", async () => {
    const session = begin();
    await vi.advanceTimersByTimeAsync(0);
    session.takeOffer();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(requests).toEqual(["offer 2"]);
    expect(made(1).closed).toBe(true);
  });

  test("is asked for after a resume, also when no session ever flowed", async () => {
    const session = begin();
    await vi.advanceTimersByTimeAsync(0);
    session.takeOffer();
    socketOpen = false;
    await vi.advanceTimersByTimeAsync(9_000);
    expect(requests).toEqual([]);
    socketOpen = true;
    session.resumed();
    expect(requests).toEqual(["offer 2"]);
  });

  test("is given a moment after a resume, because it may be on its way", async () => {
    const session = begin();
    await vi.advanceTimersByTimeAsync(0);
    session.takeOffer();
    session.resumed();
    await vi.advanceTimersByTimeAsync(1_000);
    session.accept("late answer", []);
    expect(made(1).accepted).toBe("late answer");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(connections).toHaveLength(1);
  });
});

test("a refused description is said to be so, and tried again only when asked", async () => {
  const session = begin();
  await vi.advanceTimersByTimeAsync(0);
  session.takeOffer();
  session.refused(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(links).toEqual(["rejected"]);
  expect(requests).toEqual([]);
  session.again();
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toEqual(["offer 2"]);
});

test("whom the room gave up gets a new offer to join with", async () => {
  const session = await connected();
  session.restart();
  await vi.advanceTimersByTimeAsync(0);
  expect(session.takeOffer()?.sdp).toBe("offer 2");
  session.accept("answer 2", []);
  made(2).events.connected();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(made(1).closed).toBe(true);
});

test("closing closes everything", async () => {
  const session = await connected();
  made(1).events.lost();
  await vi.advanceTimersByTimeAsync(0);
  session.close();
  expect(connections.every((connection) => connection.closed)).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connections).toHaveLength(2);
});
