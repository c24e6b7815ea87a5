import { describe, expect, test } from "vitest";
import { type News, SignIn, type Surroundings } from "../src/account/sign-in";
import type { SignedIn, User } from "../src/protocol";
import type { Answer, Refused } from "../src/request";

const ada: User = {
  id: "ada",
  name: "Ada",
  email: "ada@example.org",
  color: "#4a5bb0",
  has_password: true,
  providers: [],
  created_at: 0,
};
const LIFE_S = 600;

function refused(code: Refused["code"], retryAfter: number | null = null): Refused {
  return { ok: false, code, fields: {}, retryAfter };
}

/**
 * One browser: tabs that share a cookie, storage, locks and a channel, on a clock of their own; and a
 * server that revokes the session when a refresh token comes twice.
 */
class Browser {
  now = 1_000_000;
  requests: string[] = [];
  revoked = false;
  /** How the server answers refreshes; the usual way when null. */
  trouble: Refused | null = null;
  /** The sign-in as the account keeps it. */
  newest = 0;
  cookie = 0;
  readonly storage = { account: false, refreshing: 0 };
  readonly tabs: SignIn[] = [];
  readonly #timers = new Map<number, { at: number; task: () => void }>();
  #locked: Promise<unknown> = Promise.resolve();
  #ids = 0;
  visible = true;

  open(begin = true): SignIn {
    const tab: SignIn = new SignIn(this.#surroundings((news) => this.#tell(tab, news)));
    this.tabs.push(tab);
    if (begin) tab.begin();
    return tab;
  }

  signedInBefore(): void {
    this.newest = 1;
    this.cookie = 1;
    this.storage.account = true;
  }

  count(what: string): number {
    return this.requests.filter((request) => request === what).length;
  }

  /** Lets everything happen that is due within the time. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds;
    for (;;) {
      await settled();
      const next = [...this.#timers].sort(([, a], [, b]) => a.at - b.at)[0];
      if (!next || next[1].at > until) break;
      this.#timers.delete(next[0]);
      this.now = Math.max(this.now, next[1].at);
      next[1].task();
    }
    this.now = until;
    await settled();
  }

  #after(milliseconds: number, task: () => void): () => void {
    this.#ids += 1;
    const id = this.#ids;
    this.#timers.set(id, { at: this.now + milliseconds, task });
    return () => this.#timers.delete(id);
  }

  #tell(from: SignIn, news: News): void {
    for (const tab of this.tabs) if (tab !== from) void Promise.resolve().then(() => tab.hear(news));
  }

  #give(): Answer<SignedIn> {
    this.newest += 1;
    this.cookie = this.newest;
    return { ok: true, value: { access_token: `access ${this.newest}`, expires_in: LIFE_S, user: ada } };
  }

  #surroundings(tell: (news: News) => void): Surroundings {
    const delayed = <Value>(answer: () => Value) =>
      new Promise<Value>((resolve) => this.#after(50, () => resolve(answer())));
    return {
      login: () => {
        this.requests.push("login");
        return delayed(() => this.#give());
      },
      refresh: () => {
        this.requests.push("refresh");
        // The cookie goes out now; its successor comes with the answer.
        const shown = this.cookie;
        return delayed(() => {
          if (this.trouble) return this.trouble;
          if (shown !== this.newest) this.revoked = true;
          return this.revoked ? refused("unauthorized") : this.#give();
        });
      },
      logout: () => {
        this.requests.push("logout");
        return delayed(() => this.trouble ?? { ok: true, value: undefined });
      },
      lock: (task) => {
        const turn = this.#locked.then(task);
        this.#locked = turn.catch(() => undefined);
        return turn;
      },
      tell,
      remembered: () => this.storage.account,
      remember: (signedIn) => {
        this.storage.account = signedIn;
      },
      unfinished: () => this.storage.refreshing,
      markUnfinished: (since) => {
        this.storage.refreshing = since;
      },
      visible: () => this.visible,
      now: () => this.now,
      wait: (milliseconds) => new Promise((resolve) => this.#after(milliseconds, resolve)),
      later: (milliseconds, task) => this.#after(milliseconds, task),
      random: () => 0.5,
    };
  }
}

/** Every promise that can resolve without time passing has. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

describe("a visitor who never signed in on this browser", () => {
  test("is known to be out at once, and costs no request", async () => {
    const browser = new Browser();
    const tab = browser.open();
    expect(tab.state.value).toEqual({ kind: "out", why: "never" });
    expect(await tab.bearer()).toBeNull();
    await browser.pass(3_600_000);
    expect(browser.requests).toEqual([]);
  });
});

describe("tabs of one browser", () => {
  test("that open together never show a refresh token twice", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const tabs = Array.from({ length: 6 }, () => browser.open());
    await browser.pass(10_000);
    expect(browser.revoked).toBe(false);
    expect(browser.count("refresh")).toBe(1);
    for (const tab of tabs) expect(tab.state.value).toEqual({ kind: "in", user: ada });
  });

  test("take over the token that another one fetched", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const [first, second] = [browser.open(), browser.open()];
    await browser.pass(1_000);
    expect(browser.count("refresh")).toBe(1);
    expect(await second.bearer()).toBe(await first.bearer());
  });

  test("refresh ahead of the end, one of them for all", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const tabs = [browser.open(), browser.open(), browser.open()];
    await browser.pass(1_000);
    await browser.pass(LIFE_S * 1_000 * 0.9);
    expect(browser.count("refresh")).toBe(2);
    const before = browser.requests.length;
    for (const tab of tabs) expect(await tab.bearer()).toBe("access 3");
    expect(browser.requests).toHaveLength(before);
  });

  test("learn that somebody signed in, and that they signed out", async () => {
    const browser = new Browser();
    const [here, there] = [browser.open(), browser.open()];
    const signing = here.signIn({ email: "ada@example.org", password: "x" });
    await browser.pass(1_000);
    expect((await signing).ok).toBe(true);
    expect(there.state.value.kind).toBe("in");
    const leaving = here.signOut();
    await browser.pass(1_000);
    expect((await leaving).ok).toBe(true);
    expect(here.state.value).toEqual({ kind: "out", why: "signed_out" });
    expect(there.state.value).toEqual({ kind: "out", why: "ended" });
    expect(browser.storage.account).toBe(false);
  });

  test("see a changed profile", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const [here, there] = [browser.open(), browser.open()];
    await browser.pass(1_000);
    here.changed({ ...ada, name: "Ada King" });
    await browser.pass(0);
    expect(there.state.value).toEqual({ kind: "in", user: { ...ada, name: "Ada King" } });
  });

  test("sign in only after a refresh under way has ended", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    browser.open();
    const other = browser.open(false);
    const signing = other.signIn({ email: "ada@example.org", password: "x" });
    await browser.pass(1_000);
    expect((await signing).ok).toBe(true);
    expect(browser.requests).toEqual(["refresh", "login"]);
    expect(browser.cookie).toBe(browser.newest);
  });
});

describe("one tab", () => {
  test("asks once for any number of callers", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const tab = browser.open();
    const tokens = Promise.all([tab.bearer(), tab.bearer(), tab.bearer()]);
    await browser.pass(1_000);
    expect(new Set(await tokens)).toEqual(new Set(["access 2"]));
    expect(browser.count("refresh")).toBe(1);
  });

  test("fetches another token when the server refuses one, and only then", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const tab = browser.open();
    await browser.pass(1_000);
    const next = tab.another("access 2");
    await browser.pass(1_000);
    expect(await next).toBe("access 3");
    // A late refusal of the old one costs nothing.
    expect(await tab.another("access 2")).toBe("access 3");
    expect(browser.count("refresh")).toBe(2);
  });

  test("that nobody looks at lets its token end, and has a new one when it is needed", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const tab = browser.open();
    await browser.pass(1_000);
    browser.visible = false;
    await browser.pass(LIFE_S * 1_000 * 3);
    expect(browser.count("refresh")).toBe(1);
    const token = tab.bearer();
    await browser.pass(1_000);
    expect(await token).toBe("access 3");
  });

  test("is out when the session was revoked, and forgets that there was one", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    browser.revoked = true;
    const tab = browser.open();
    await browser.pass(1_000);
    expect(tab.state.value).toEqual({ kind: "out", why: "ended" });
    expect(browser.storage.account).toBe(false);
  });

  test("goes on asking a server that does not answer, more and more slowly", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    browser.trouble = refused("unreachable");
    const tab = browser.open();
    await browser.pass(500);
    expect(tab.state.value).toEqual({ kind: "unknown", unreachable: true });
    await browser.pass(600_000);
    expect(browser.count("refresh")).toBeGreaterThan(10);
    expect(browser.count("refresh")).toBeLessThan(40);
    browser.trouble = null;
    await browser.pass(60_000);
    expect(tab.state.value.kind).toBe("in");
  });

  test("waits as long as the server says", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    browser.trouble = refused("rate_limited", 45);
    browser.open();
    await browser.pass(44_000);
    expect(browser.count("refresh")).toBe(1);
    await browser.pass(2_000);
    expect(browser.count("refresh")).toBe(2);
  });

  test("keeps who is signed in through a network loss", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const tab = browser.open();
    await browser.pass(1_000);
    browser.trouble = refused("unreachable");
    await browser.pass(LIFE_S * 1_000);
    expect(tab.state.value).toEqual({ kind: "in", user: ada });
  });

  test("stays in when signing out did not reach the server", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    const tab = browser.open();
    await browser.pass(1_000);
    browser.trouble = refused("unreachable");
    const leaving = tab.signOut();
    await browser.pass(1_000);
    expect((await leaving).ok).toBe(false);
    expect(tab.state.value.kind).toBe("in");
  });

  test("lets the answer to a tab that closed while it refreshed arrive first", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    browser.storage.refreshing = browser.now - 200;
    browser.open();
    await browser.pass(1_000);
    expect(browser.requests).toEqual([]);
    await browser.pass(1_000);
    expect(browser.requests).toEqual(["refresh"]);
    // An old mark, or one of a clock that was put back, holds nobody up.
    for (const since of [browser.now - 60_000, browser.now + 86_400_000]) {
      browser.storage.refreshing = since;
      const tab = browser.open();
      await browser.pass(1_600);
      expect(tab.state.value.kind).toBe("in");
    }
    expect(browser.revoked).toBe(false);
  });

  test("that is left while it refreshes, and is told that nothing came, leaves the next one waiting", async () => {
    const browser = new Browser();
    browser.signedInBefore();
    browser.trouble = refused("unreachable");
    browser.open();
    await browser.pass(100);
    // The server had answered, and its cookie arrives after all.
    browser.trouble = null;
    browser.newest = 2;
    const next = browser.open();
    await browser.pass(200);
    browser.cookie = 2;
    await browser.pass(2_000);
    expect(browser.revoked).toBe(false);
    expect(next.state.value.kind).toBe("in");
  });

  test("adopts what a provider's page brought", async () => {
    const browser = new Browser();
    const tab = browser.open();
    browser.cookie = 5;
    browser.newest = 5;
    const there = tab.adopt();
    await browser.pass(1_000);
    expect(await there).toBe(true);
    expect(tab.state.value).toEqual({ kind: "in", user: ada });
  });
});
