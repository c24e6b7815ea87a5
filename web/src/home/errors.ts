/** What is wrong, in words: what this page found, and what the server refused. */
import type { Refused } from "../api";
import { words } from "../text";
import type { Wrong } from "./plan";
import type { FieldErrors } from "./plan-fields";

export function inWords(wrong: Wrong): FieldErrors {
  const { wrong: texts } = words.schedule;
  return {
    ...(wrong.title && { title: texts.title[wrong.title] }),
    ...(wrong.date && { date: texts.date[wrong.date] }),
    ...(wrong.time && { time: texts.time[wrong.time] }),
    ...(wrong.invite && { invite: texts.invite[wrong.invite] }),
  };
}

/** The fields that the server names, by the names that this page has for them. */
export function refusedFields({ code, fields }: Refused): FieldErrors {
  const { wrong } = words.schedule;
  const errors: FieldErrors = {};
  for (const name of Object.keys(fields)) {
    if (name === "title") errors.title = wrong.title.forbidden;
    else if (name === "starts_at") errors.date = wrong.date.refused;
    else if (name === "duration_minutes") errors.duration = wrong.duration;
    else if (name === "kind") errors.kind = wrong.kind;
    else if (/^(invite|email|cohosts)/.test(name)) errors.invite = wrong.invite.malformed;
  }
  return code === "invalid_request" ? errors : {};
}

/** One sentence and what to do next. */
export function problemOf({ code, retryAfter }: Refused): string {
  if (code === "unauthorized") return words.schedule.signedOut;
  const { title, next } = words.errors[code];
  if (code === "rate_limited" && retryAfter !== null && retryAfter > 60) {
    return `${title}. ${words.schedule.later(Math.ceil(retryAfter / 60))}`;
  }
  return `${title}. ${next}`;
}
