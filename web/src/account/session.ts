/** This tab's sign-in: the rules of `sign-in.ts` with the browser's locks, channel, clock and storage. */
import type { Login, SignedIn, User } from "../protocol";
import { type Answer, request } from "../request";
import { recall, remember } from "../storage";
import { chooseLocale } from "../text/locale";
import { type News, SignIn } from "./sign-in";

const NAME = "meridian.account";
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;

const signIn = new SignIn({
  login: (body) => request<SignedIn>("POST", "/api/auth/login", { body, keepalive: true }),
  refresh: () => request<SignedIn>("POST", "/api/auth/refresh", { keepalive: true }),
  logout: () => request<void>("POST", "/api/auth/logout", { keepalive: true }),
  lock: async (task) => {
    // Only pages of secure origins have locks.
    if (!("locks" in navigator)) return task();
    return navigator.locks.request(NAME, task);
  },
  tell: (news) => channel?.postMessage(news),
  remembered: () => recall("account") !== "",
  remember: (signedIn) => remember("account", signedIn ? "yes" : ""),
  unfinished: () => Number(recall("refreshing")) || 0,
  markUnfinished: (since) => remember("refreshing", since === 0 ? "" : String(since)),
  visible: () => document.visibilityState === "visible",
  now: () => Date.now(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  later: (milliseconds, task) => {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
});

/** Who is signed in, for views. */
export const session = signIn.state;

session.subscribe((state) => chooseLocale(state.kind === "in" ? state.user.locale : undefined));

/** Called once, before the first view. */
export function beginSession(): void {
  if (channel) channel.onmessage = ({ data }: MessageEvent<News>) => signIn.hear(data);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") signIn.wake();
  });
  window.addEventListener("online", () => signIn.wake());
  signIn.begin();
}

/** A token for the API or the home page's socket; null when nobody is signed in. */
export function bearer(): Promise<string | null> {
  return signIn.bearer();
}

/** After the server refused `token`. */
export function anotherBearer(token: string): Promise<string | null> {
  return signIn.another(token);
}

export function signedIn(body: Login): Promise<Answer<SignedIn>> {
  return signIn.signIn(body);
}

/** Takes over a sign-in that a provider's page brought; false when there is none. */
export function adoptSession(): Promise<boolean> {
  return signIn.adopt();
}

export function signOut(): Promise<Answer<void>> {
  return signIn.signOut();
}

/** The server has ended this session. */
export function forgetSession(): void {
  signIn.forget("ended");
}

/** The server has deleted the account. */
export function forgetAccount(): void {
  signIn.forget("deleted");
}

/** The profile as the server keeps it now. */
export function profileChanged(user: User): void {
  signIn.changed(user);
}
