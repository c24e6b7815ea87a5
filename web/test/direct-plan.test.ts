import { expect, test } from "vitest";
import type { MediaEvents } from "../src/media/connection";
import { type Described, DirectPlan } from "../src/media/direct-plan";
import type { MediaPath, Source } from "../src/protocol";

/** A session that notes what is done with it. */
function begin() {
  const done: string[] = [];
  let beside: { settled(flows: boolean): void } | null = null;
  let holds = true;
  let makes = true;
  let inUse = false;
  let off: Source[] = [];
  const made: (MediaEvents & { describe(sdp: string): void })[] = [];
  const plan = new DirectPlan(
    {
      beside: {
        try: (connect, settled) => {
          connect({} as MediaEvents);
          beside = { settled };
        },
        take: () => {
          done.push("take");
          inUse = holds;
          return holds;
        },
        leave: () => {
          done.push("leave");
          const wasInUse = inUse;
          inUse = false;
          return !wasInUse;
        },
      },
      renew: () => done.push("renew") > 0,
    },
    {
      connect: (peer, events) => {
        if (!makes) throw new TypeError("not with these relays");
        done.push(`connect ${peer}`);
        made.push(events);
        const connection: Partial<Described> = {
          described: (sdp) => void done.push(`described ${sdp}`),
          withhold: (sources) => void done.push(`withhold ${[...sources].join()}`),
        };
        return connection as Described;
      },
      describe: (number, sdp) => done.push(`describe ${number} ${sdp}`),
      reached: (number, reached) => done.push(`reached ${number} ${reached}`),
      off: () => new Set(off),
    },
  );
  const told = (number: number, path: MediaPath, peer?: string) => {
    plan.told({ type: "plan", plan: number, path, ...(peer !== undefined && { peer }) });
    return done.splice(0);
  };
  return {
    plan,
    told,
    done,
    made,
    settle: (flows: boolean) => beside?.settled(flows),
    fail: () => {
      holds = false;
    },
    refuse: () => {
      makes = false;
    },
    turnOff: (...sources: Source[]) => {
      off = sources;
      plan.follow();
      return done.splice(0);
    },
  };
}

test("a direct connection is tried beside the region, and takes over when the room says so", () => {
  const { plan, told, done, made, settle } = begin();
  expect(told(1, "both", "bob")).toEqual(["connect bob"]);
  made[0]?.describe("mine");
  plan.described(1, "theirs");
  settle(true);
  expect(done.splice(0)).toEqual(["describe 1 mine", "described theirs", "reached 1 true"]);
  expect(told(1, "direct", "bob")).toEqual(["take"]);
  expect(told(1, "direct", "bob"), "said again on a return").toEqual([]);
});

test("a region is asked for before the direct connection goes", () => {
  const { told, settle } = begin();
  told(1, "both", "bob");
  settle(true);
  told(1, "direct", "bob");
  expect(told(2, "region")).toEqual(["leave", "withhold ", "renew"]);
  expect(told(2, "region")).toEqual([]);
});

test("what a host stopped is withheld until the region carries again", () => {
  const { told, turnOff } = begin();
  told(1, "both", "bob");
  told(1, "direct", "bob");
  expect(turnOff("microphone"), "what they turn off themselves").toEqual([]);
  expect(told(2, "region")).toEqual(["leave", "withhold microphone", "renew"]);
  expect(turnOff("microphone", "camera")).toEqual(["withhold microphone,camera"]);
  told(3, "both", "bob");
  expect(turnOff("camera")).toEqual([]);
});

test("an attempt that the room gives up leaves the region alone", () => {
  const { told } = begin();
  told(1, "both", "bob");
  expect(told(2, "region")).toEqual(["leave"]);
});

test("what fails is said, and what belongs to another plan is passed over", () => {
  const { plan, told, done, settle, fail } = begin();
  expect(told(0, "region"), "as it is from the beginning").toEqual([]);
  told(3, "both", "bob");
  plan.described(2, "old");
  settle(false);
  expect(done.splice(0)).toEqual(["reached 3 false"]);
  expect(told(2, "direct", "bob"), "older").toEqual([]);
  told(4, "region");
  settle(true);
  expect(done.splice(0), "of the plan before").toEqual([]);
  told(5, "both", "bob");
  fail();
  expect(told(5, "direct", "bob")).toEqual(["take", "reached 5 false"]);
  expect(told(7, "direct", "bob"), "of a page that was not there").toEqual(["reached 7 false"]);
});

test("a connection that the browser does not make is a try that failed", () => {
  const { told, refuse } = begin();
  refuse();
  expect(told(1, "both", "bob")).toEqual(["reached 1 false"]);
  expect(told(2, "region")).toEqual([]);
});

test("who joins anew begins anew", () => {
  const { plan, told, done } = begin();
  told(1, "both", "bob");
  plan.restart();
  expect(done.splice(0)).toEqual(["leave"]);
  plan.described(1, "late");
  expect(done).toEqual([]);
  expect(told(2, "region")).toEqual([]);
});
