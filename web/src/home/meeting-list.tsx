/** Lists of meetings: what is to come, and what is over. */
import { CalendarClock, ChevronRight, Video } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { linkTo } from "../code";
import type { RoomDetails } from "../protocol";
import { titleOf, words } from "../text";
import { CopyLink } from "../view/copy-link";
import { day, hours, leaf } from "./when";

/** Past meetings shown before somebody asks for more. */
const PAST_SHOWN = 5;

export function Upcoming({ meetings, now }: { meetings: readonly RoomDetails[]; now: number }): JSX.Element {
  const { home } = words;
  if (meetings.length === 0) {
    return (
      <div class="meetings-empty">
        <span class="meetings-empty-mark" aria-hidden="true">
          <CalendarClock size={24} />
        </span>
        <p>
          <strong>{home.upcomingEmpty}</strong>
        </p>
        <p class="muted">{home.upcomingEmptyNext}</p>
        <ul aria-label={home.upcoming} />
      </div>
    );
  }
  return (
    <ul class="meetings" aria-label={home.upcoming}>
      {meetings.map((room) => (
        <Coming key={room.id} room={room} now={now} />
      ))}
    </ul>
  );
}

function Coming({ room, now }: { room: RoomDetails; now: number }): JSX.Element {
  const { home } = words;
  const live = room.participants > 0;
  return (
    <li class={live ? "meeting live" : "meeting"}>
      <Leaf at={room.starts_at} />
      <div class="meeting-words">
        <a class="meeting-title" href={`/meetings/${room.id}`}>
          <bdi>{titleOf(room)}</bdi>
        </a>
        <p class="note">{describe(room, now)}</p>
        {live && (
          <p class="meeting-live">
            <span class="live-mark">{home.live}</span>
            <span>{home.peopleIn(room.participants)}</span>
          </p>
        )}
      </div>
      <div class="meeting-actions">
        {room.code !== undefined && <CopyLink link={linkTo(room.code)} of={room.title} short class="icon" />}
        {room.code !== undefined && (
          <a
            class={live ? "button primary" : "button"}
            href={`/m/${room.code}`}
            aria-label={words.home.joinTitle(room.title)}
          >
            {home.join}
          </a>
        )}
      </div>
    </li>
  );
}

export function Past({ meetings, now }: { meetings: readonly RoomDetails[]; now: number }): JSX.Element {
  const { home } = words;
  const [all, setAll] = useState(false);
  const shown = all ? meetings : meetings.slice(0, PAST_SHOWN);
  return (
    <>
      {meetings.length === 0 && <p class="muted past-empty">{home.pastEmpty}</p>}
      <ul class="meetings past" aria-label={home.past}>
        {shown.map((room) => (
          <li key={room.id} class="meeting">
            <div class="meeting-words">
              <a class="meeting-title" href={`/meetings/${room.id}`}>
                <bdi>{titleOf(room)}</bdi>
              </a>
              <p class="note">{describe({ ...room, starts_at: room.starts_at ?? room.created_at }, now, false)}</p>
            </div>
            <ChevronRight size={18} aria-hidden="true" />
          </li>
        ))}
      </ul>
      {shown.length < meetings.length && (
        <button type="button" class="button plain" onClick={() => setAll(true)}>
          {home.morePast(meetings.length - shown.length)}
        </button>
      )}
    </>
  );
}

function Leaf({ at }: { at: number | undefined }): JSX.Element {
  if (at === undefined) {
    return (
      <span class="leaf" aria-hidden="true">
        <Video size={22} />
      </span>
    );
  }
  const { weekday, number, month } = leaf(at);
  return (
    <span class="leaf" aria-hidden="true">
      <span>{weekday}</span>
      <strong>{number}</strong>
      <span>{month}</span>
    </span>
  );
}

/** `Tomorrow, 9:30 – 10:30 AM · Private · by Ada`. */
function describe(room: RoomDetails, now: number, range = true): string {
  const when =
    room.starts_at === undefined
      ? words.home.anytime
      : [day(room.starts_at, now), ...(range ? [hours(room)] : [])].join(", ");
  return [
    when,
    words.kinds[room.kind].name,
    ...(room.host_name !== undefined && room.relation !== "owner" ? [words.home.by(room.host_name)] : []),
  ].join(" · ");
}
