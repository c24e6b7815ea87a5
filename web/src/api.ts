/** The REST API. A refusal is a value with its stable code; only bugs throw. */
import type { CreatedRoom, CreateRoom, ErrorCode, Health, Problem, RoomDetails, Seat, TakeSeat } from "./protocol";

export type Answer<Value> =
  | { ok: true; value: Value }
  /** `unreachable`: no answer, or none that this client understands. */
  | { ok: false; code: ErrorCode | "unreachable"; fields: Readonly<Record<string, string>> };

const PATIENCE_MS = 10_000;

export function createRoom(body: CreateRoom): Promise<Answer<CreatedRoom>> {
  return call("POST", "/api/rooms/create", body);
}

export function takeSeat(body: TakeSeat): Promise<Answer<Seat>> {
  return call("POST", "/api/rooms/join", body);
}

export function roomDetails(id: string): Promise<Answer<RoomDetails>> {
  return call("GET", `/api/rooms/${encodeURIComponent(id)}`);
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

async function call<Value>(method: string, path: string, body?: object): Promise<Answer<Value>> {
  try {
    const response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const value: unknown = await response.json();
    if (response.ok) return { ok: true, value: value as Value };
    const problem = value as Partial<Problem>;
    return { ok: false, code: problem.code ?? "unreachable", fields: problem.errors ?? {} };
  } catch {
    return { ok: false, code: "unreachable", fields: {} };
  }
}
