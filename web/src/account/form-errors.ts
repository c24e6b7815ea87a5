/** What a refusal means for a form: which field it names, and what stands above the button. */
import type { Refused } from "../request";
import { words } from "../text";

export interface Explained<Name extends string> {
  fields: Partial<Record<Name, string>>;
  /** Where no field is to blame. */
  problem: string | null;
  /** Seconds until it may be tried again. */
  wait: number | null;
}

/** `labels`: what each field is called on screen. */
export function explain<Name extends string>(
  refused: Refused,
  labels: Readonly<Record<Name, string>>,
): Explained<Name> {
  const fields: Partial<Record<Name, string>> = {};
  for (const name of Object.keys(labels) as Name[]) {
    const reason = refused.fields[name];
    if (reason !== undefined) fields[name] = words.account.fieldRefused(labels[name], inWords(reason));
  }
  if (refused.code === "rate_limited" && refused.retryAfter !== null) {
    return { fields: {}, problem: null, wait: Math.max(1, refused.retryAfter) };
  }
  const named = Object.keys(fields).length > 0;
  if (refused.code === "invalid_request" && named) return { fields, problem: null, wait: null };
  return { fields: {}, problem: problemOf(refused), wait: null };
}

/** The server says it in English; a reason that is not known here stays as it is. */
function inWords(reason: string): string {
  const { reasons } = words.tongue;
  const [, bound, number] = /^must be at (most|least) (\d+)/.exec(reason) ?? [];
  if (bound === "most" || bound === "least") return reasons[bound](Number(number));
  if (/^must not be empty/.test(reason)) return reasons.empty;
  return /^is not valid/.test(reason) ? reasons.invalid : reason;
}

export function problemOf({ code }: Pick<Refused, "code">): string {
  const { account, errors } = words;
  if (code === "unauthorized") return account.signedOut;
  if (code === "invalid_request") return account.notUnderstood;
  return `${errors[code].title}. ${errors[code].next}`;
}

const ADDRESS = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;

/** What is wrong with an address; null where nothing is. */
export function addressProblem(text: string): string | null {
  if (text.trim() === "") return words.account.emailMissing;
  return ADDRESS.test(text.trim()) ? null : words.account.emailInvalid;
}
