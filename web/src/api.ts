/** The REST API. A refusal is a value with its stable code; only bugs throw. */
import { anotherBearer, bearer } from "./account/session";
import type {
  CallSomeone,
  ChangePassword,
  ChangeProfile,
  ChangeRoom,
  CreatedRoom,
  CreateRoom,
  Health,
  IceServers,
  LinkProvider,
  MailSent,
  MailWanted,
  Meetings,
  Probe,
  Providers,
  Register,
  ResetPassword,
  RoomDetails,
  Seat,
  Sessions,
  TakeSeat,
  User,
  Verify,
} from "./protocol";
import { type Answer, PATIENCE_MS, request, requestFile } from "./request";

export type { Answer, Refused } from "./request";

export function createRoom(body: CreateRoom): Promise<Answer<CreatedRoom>> {
  return call("POST", "/api/rooms/create", body);
}

/** As the person who is signed in, else as a guest. */
export async function takeSeat(body: TakeSeat): Promise<Answer<Seat>> {
  const answer = await call<Seat>("POST", "/api/rooms/join", body);
  // Signed out from elsewhere meanwhile: a guest may come, too.
  if (!answer.ok && answer.code === "unauthorized") return call("POST", "/api/rooms/join", body);
  return answer;
}

export function roomDetails(id: string): Promise<Answer<RoomDetails>> {
  return call("GET", roomPath(id));
}

/** Fresh relays for whoever has this seat. */
export function iceServers({ room, seat }: Seat): Promise<Answer<IceServers>> {
  return request("POST", `${roomPath(room.id)}/ice`, { token: seat });
}

/** What answers connectivity checks of whoever has this seat, before they join. */
export function askProbe({ room, seat }: Seat): Promise<Answer<Probe>> {
  return request("POST", `${roomPath(room.id)}/probe`, { token: seat });
}

export function changeRoom(id: string, body: ChangeRoom): Promise<Answer<RoomDetails>> {
  return call("PATCH", roomPath(id), body);
}

export function deleteRoom(id: string): Promise<Answer<void>> {
  return call("DELETE", roomPath(id));
}

export function meetings(): Promise<Answer<Meetings>> {
  return call("GET", "/api/rooms");
}

/** The meeting as an iCalendar file. */
export function calendarFile(id: string): Promise<Answer<Blob>> {
  return authorised((token) => requestFile(`${roomPath(id)}/calendar.ics`, token));
}

export function callSomeone(body: CallSomeone): Promise<Answer<CreatedRoom>> {
  return call("POST", "/api/users/call", body);
}

export function register(body: Register): Promise<Answer<MailSent>> {
  return request("POST", "/api/auth/register", { body });
}

export function verify(body: Verify): Promise<Answer<MailSent>> {
  return request("POST", "/api/auth/verify", { body, keepalive: true });
}

export function resend(body: MailWanted): Promise<Answer<MailSent>> {
  return request("POST", "/api/auth/resend", { body });
}

export function forgot(body: MailWanted): Promise<Answer<MailSent>> {
  return request("POST", "/api/auth/forgot", { body });
}

export function resetPassword(body: ResetPassword): Promise<Answer<MailSent>> {
  return request("POST", "/api/auth/reset", { body });
}

export function providers(): Promise<Answer<Providers>> {
  return request("GET", "/api/auth/oauth");
}

export function linkProvider(body: LinkProvider): Promise<Answer<User>> {
  return call("POST", "/api/auth/oauth/link", body);
}

export function changeProfile(body: ChangeProfile): Promise<Answer<User>> {
  return call("PUT", "/api/users/profile", body);
}

export function deleteAccount(): Promise<Answer<void>> {
  return call("DELETE", "/api/users/profile");
}

export function changePassword(body: ChangePassword): Promise<Answer<void>> {
  return call("PUT", "/api/users/password", body);
}

export function sessions(): Promise<Answer<Sessions>> {
  return call("GET", "/api/users/sessions");
}

export function revokeSession(id: string): Promise<Answer<void>> {
  return call("DELETE", `/api/users/sessions/${encodeURIComponent(id)}`);
}

/** All sessions but the one that asks. */
export function revokeOtherSessions(): Promise<Answer<void>> {
  return call("DELETE", "/api/users/sessions");
}

/** The same body with 200 and 503. */
export async function health(): Promise<{ value: Health; milliseconds: number } | null> {
  const from = performance.now();
  try {
    const response = await fetch("/api/health", { signal: AbortSignal.timeout(PATIENCE_MS) });
    const value: unknown = await response.json();
    if (typeof value !== "object" || value === null || !("regions" in value)) return null;
    return { value: value as Health, milliseconds: Math.round(performance.now() - from) };
  } catch {
    return null;
  }
}

function roomPath(id: string): string {
  return `/api/rooms/${encodeURIComponent(id)}`;
}

function call<Value>(method: string, path: string, body?: object): Promise<Answer<Value>> {
  return authorised((token) => request(method, path, { token, ...(body && { body }) }));
}

/** Asks as whoever is signed in; with a new token where the server refuses the old one. */
async function authorised<Value>(ask: (token: string | null) => Promise<Answer<Value>>): Promise<Answer<Value>> {
  const token = await bearer();
  const answer = await ask(token);
  if (token === null || answer.ok || answer.code !== "unauthorized") return answer;
  const next = await anotherBearer(token);
  return next === null ? answer : ask(next);
}
