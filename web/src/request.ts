/** One request to the REST API and its answer. A refusal is a value with its stable code. */
import type { ErrorCode, Problem } from "./protocol";

export interface Refused {
  ok: false;
  /** `unreachable`: no answer, or none that this client understands. */
  code: ErrorCode | "unreachable";
  /** What is wrong with each field, by field name. */
  fields: Readonly<Record<string, string>>;
  /** When it may be tried again, where the server said so; in seconds. */
  retryAfter: number | null;
}

export type Answer<Value> = { ok: true; value: Value } | Refused;

export interface Asked {
  body?: object;
  /** Access token. */
  token?: string | null;
  /** The request outlives the page, so that the cookie which comes back is not lost with it. */
  keepalive?: boolean;
}

/** Milliseconds after which no answer is expected any more. */
export const PATIENCE_MS = 10_000;

/** Asks, and reads the answer as JSON (nothing for 204). */
export async function request<Value>(method: string, path: string, asked: Asked = {}): Promise<Answer<Value>> {
  try {
    const response = await send(method, path, asked);
    if (response.ok) {
      const value: unknown = response.status === 204 ? undefined : await response.json();
      return { ok: true, value: value as Value };
    }
    return await refusal(response);
  } catch {
    return { ok: false, code: "unreachable", fields: {}, retryAfter: null };
  }
}

/** As `request`, for an answer that is a file. */
export async function requestFile(path: string, token: string | null): Promise<Answer<Blob>> {
  try {
    const response = await send("GET", path, { token });
    return response.ok ? { ok: true, value: await response.blob() } : await refusal(response);
  } catch {
    return { ok: false, code: "unreachable", fields: {}, retryAfter: null };
  }
}

function send(method: string, path: string, { body, token, keepalive }: Asked): Promise<Response> {
  return fetch(path, {
    method,
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(keepalive && { keepalive }),
    ...((body || token) && {
      headers: {
        ...(body && { "Content-Type": "application/json" }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
    }),
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function refusal(response: Response): Promise<Refused> {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return {
    ok: false,
    code: problem.code ?? "unreachable",
    fields: problem.errors ?? {},
    retryAfter: Number.isFinite(seconds) && seconds >= 0 ? seconds : null,
  };
}
