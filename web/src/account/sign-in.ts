/**
 * Who is signed in on this browser: the rules, without the browser's own parts.
 *
 * The access token lives in memory and nowhere else. A refresh token that is used twice revokes the
 * session, so whatever changes the refresh cookie happens in one tab at a time (`lock`), and the
 * others are told of the outcome. A browser that never signed in is never asked about.
 */
import { type Signal, signal } from "@preact/signals";
import type { Login, SignedIn, User } from "../protocol";
import type { Answer } from "../request";

export type SignInState =
  /** The server has not said yet; `unreachable` when it was asked and did not answer. */
  | { kind: "unknown"; unreachable: boolean }
  | { kind: "out"; why: Leaving }
  | { kind: "in"; user: User };

/** Why nobody is signed in. */
export type Leaving =
  | "never"
  /** Here, by a click. */
  | "signed_out"
  | "deleted"
  /** From elsewhere, or after a long time. */
  | "ended";

/** What one tab tells the others. */
export type News =
  | { kind: "in"; token: AccessToken; user: User }
  | { kind: "user"; user: User }
  | { kind: "out" };

export interface AccessToken {
  text: string;
  /** Milliseconds since the epoch. */
  from: number;
  until: number;
}

/** What the rules need of a browser. */
export interface Surroundings {
  login(body: Login): Promise<Answer<SignedIn>>;
  refresh(): Promise<Answer<SignedIn>>;
  logout(): Promise<Answer<void>>;
  /** Runs the task while no other tab runs one. */
  lock<Value>(task: () => Promise<Value>): Promise<Value>;
  tell(news: News): void;
  /** Whether somebody signed in on this browser and did not sign out. */
  remembered(): boolean;
  remember(signedIn: boolean): void;
  /** When a refresh began of which nobody has seen the end; 0 when there is none. */
  unfinished(): number;
  markUnfinished(since: number): void;
  visible(): boolean;
  now(): number;
  wait(milliseconds: number): Promise<void>;
  /** Calls back once after the time; gives back what prevents it. */
  later(milliseconds: number, task: () => void): () => void;
  random(): number;
}

/** A token that ends sooner than this is not used any more. */
const LEEWAY_MS = 10_000;
/** The part of a token's life after which a new one is fetched. */
const RENEW_AFTER = 0.75;
/** Between tries when the server does not answer. */
const AGAIN_MS = { first: 1_000, cap: 30_000 };
/** A tab that closed while it refreshed: its answer, and with it the cookie, comes within this. */
const STRAGGLER_MS = 1_500;
/** Timers beyond this overflow. */
const LONGEST_MS = 2 ** 31 - 1;

export class SignIn {
  readonly state: Signal<SignInState> = signal({ kind: "unknown", unreachable: false });
  #token: AccessToken | null = null;
  #renewing: Promise<void> | null = null;
  #failures = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(private readonly around: Surroundings) {}

  /** Finds out who is signed in, without a request where nobody ever was. */
  begin(): void {
    if (this.around.remembered()) void this.#renew();
    else this.#leave("never");
  }

  /** A token that the server takes now; null when nobody is signed in, or that cannot be told. */
  async bearer(): Promise<string | null> {
    if (this.state.value.kind === "out") return null;
    if (!this.#usable()) await this.#renew();
    return this.#usable() ? (this.#token?.text ?? null) : null;
  }

  /** The server refused `token`: another one, if there is one. */
  async another(token: string): Promise<string | null> {
    if (this.#token?.text === token) this.#token = null;
    return this.bearer();
  }

  async signIn(body: Login): Promise<Answer<SignedIn>> {
    return this.around.lock(async () => {
      const answer = await this.around.login(body);
      if (answer.ok) this.#accept(answer.value);
      return answer;
    });
  }

  /** Somebody signed in without this client seeing a token: at a provider. */
  async adopt(): Promise<boolean> {
    this.around.remember(true);
    this.state.value = { kind: "unknown", unreachable: false };
    await this.#renew();
    return (this.state.value as SignInState).kind === "in";
  }

  async signOut(): Promise<Answer<void>> {
    return this.around.lock(async () => {
      const answer = await this.around.logout();
      // A session that the server does not know is signed out, too.
      if (!answer.ok && answer.code !== "unauthorized") return answer;
      this.forget("signed_out");
      return { ok: true, value: undefined };
    });
  }

  /** The account or the session is gone on the server already. */
  forget(why: Leaving): void {
    this.#leave(why);
    this.around.tell({ kind: "out" });
  }

  /** The profile changed. */
  changed(user: User): void {
    if (this.state.value.kind !== "in") return;
    this.state.value = { kind: "in", user };
    this.around.tell({ kind: "user", user });
  }

  /** Another tab told something. */
  hear(news: News): void {
    switch (news.kind) {
      case "in":
        this.#hold(news.token, news.user);
        break;
      case "user":
        if (this.state.value.kind === "in") this.state.value = { kind: "in", user: news.user };
        break;
      case "out":
        this.#leave("ended");
        break;
    }
  }

  /** The page is looked at again, or the network is back. */
  wake(): void {
    if (this.state.value.kind === "unknown" || (this.state.value.kind === "in" && this.#due())) void this.#renew();
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.around
      .lock(() => this.#refresh())
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  async #refresh(): Promise<void> {
    const { around } = this;
    // While this tab waited for its turn, another one may have done it.
    if (this.state.value.kind === "in" && !this.#due()) return;
    if (!around.remembered()) return this.#leave("ended");

    const straggling = around.unfinished() + STRAGGLER_MS - around.now();
    if (straggling > 0) await around.wait(Math.min(straggling, STRAGGLER_MS));
    around.markUnfinished(around.now());
    const answer = await around.refresh();
    // A page that is left loses its requests: no answer here does not mean that none comes.
    if (answer.ok || answer.code !== "unreachable") around.markUnfinished(0);

    if (answer.ok) this.#accept(answer.value);
    else if (answer.code === "unauthorized" || answer.code === "invalid_token") this.forget("ended");
    else this.#failed(answer.retryAfter);
  }

  #accept({ access_token, expires_in, user }: SignedIn): void {
    const from = this.around.now();
    const token = { text: access_token, from, until: from + expires_in * 1_000 };
    this.around.remember(true);
    this.#hold(token, user);
    this.around.tell({ kind: "in", token, user });
  }

  #hold(token: AccessToken, user: User): void {
    this.#failures = 0;
    this.#token = token;
    this.state.value = { kind: "in", user };
    // Tabs draw different moments, so that one of them does it for all.
    const share = RENEW_AFTER + 0.1 * this.around.random();
    this.#renewAfter(token.from + (token.until - token.from) * share - this.around.now());
  }

  #failed(retryAfter: number | null): void {
    if (this.state.value.kind === "unknown") this.state.value = { kind: "unknown", unreachable: true };
    const wait = Math.min(AGAIN_MS.cap, AGAIN_MS.first * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#renewAfter(Math.max(wait, (retryAfter ?? 0) * 1_000));
  }

  #renewAfter(milliseconds: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.around.later(Math.min(Math.max(0, milliseconds), LONGEST_MS), () => {
      // A page that nobody looks at lets its token end; `wake` and `bearer` fetch the next one.
      if (this.around.visible()) this.wake();
    });
  }

  #leave(why: Leaving): void {
    this.#cancelTimer();
    this.#token = null;
    this.around.remember(false);
    if (this.state.value.kind !== "out") this.state.value = { kind: "out", why };
  }

  #usable(): boolean {
    return this.#token !== null && this.#token.until - LEEWAY_MS > this.around.now();
  }

  #due(): boolean {
    if (this.#token === null || !this.#usable()) return true;
    const { from, until } = this.#token;
    return this.around.now() >= from + (until - from) * RENEW_AFTER;
  }
}
