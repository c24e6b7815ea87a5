/** Putting a meeting into somebody's calendar: as a file, or in a calendar on the web. */
import { CalendarPlus } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { calendarFile } from "../api";
import type { RoomDetails } from "../protocol";
import { words } from "../text";
import { problemOf } from "./errors";

export function AddToCalendar({ room }: { room: RoomDetails }): JSX.Element | null {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (room.starts_at === undefined) return null;

  const save = async () => {
    setBusy(true);
    const answer = await calendarFile(room.id);
    setBusy(false);
    setProblem(answer.ok ? null : problemOf(answer));
    if (answer.ok) download(answer.value, words.schedule.calendarFile(fileName(room.title)));
  };
  const web = webCalendars(room, room.starts_at);
  return (
    <div class="add-calendar">
      <button type="button" class="button wide" aria-busy={busy || undefined} disabled={busy} onClick={() => void save()}>
        <CalendarPlus size={18} aria-hidden="true" />
        {words.schedule.calendar}
      </button>
      <p class="note">
        <a class="link" href={web.google} target="_blank" rel="noopener noreferrer">
          {words.schedule.google}
        </a>
        <a class="link" href={web.outlook} target="_blank" rel="noopener noreferrer">
          {words.schedule.outlook}
        </a>
      </p>
      {problem !== null && (
        <p class="note text-danger" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** Addresses at which web calendars open a new entry with everything filled in. */
export function webCalendars(room: RoomDetails, from: number): { google: string; outlook: string } {
  const iso = (at: number) => new Date(at).toISOString();
  const until = from + (room.duration_minutes ?? 60) * 60_000;
  const link = room.link ?? "";
  const compact = (at: number) => iso(at).replace(/[-:]|\.\d+/g, "");
  const google = new URLSearchParams({
    action: "TEMPLATE",
    text: room.title,
    dates: `${compact(from)}/${compact(until)}`,
    details: link,
    location: link,
    ...(room.time_zone !== undefined && { ctz: room.time_zone }),
  });
  const outlook = new URLSearchParams({
    path: "/calendar/action/compose",
    rru: "addevent",
    subject: room.title,
    startdt: iso(from),
    enddt: iso(until),
    body: link,
    location: link,
  });
  return {
    google: `https://calendar.google.com/calendar/render?${google}`,
    outlook: `https://outlook.live.com/calendar/0/deeplink/compose?${outlook}`,
  };
}

/** What every file system takes. */
function fileName(title: string): string {
  return title.replace(/[\p{Cc}\\/:*?"<>|]+/gu, " ").trim().slice(0, 80) || "meeting";
}

function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
