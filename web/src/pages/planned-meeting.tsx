/** One meeting outside its call: when, who, its link, and what its hosts may change. */
import { Pencil, Trash2, Video, X } from "lucide-preact";
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { SignedInProps } from "../account/gate";
import { changeRoom, deleteRoom, roomDetails } from "../api";
import { AddToCalendar } from "../home/calendar";
import { Confirm } from "../home/dialog";
import { problemOf } from "../home/errors";
import { ownZone } from "../home/instant";
import { Invitations } from "../home/invitations";
import { EditPlan } from "../home/edit-plan";
import { isOver } from "../home/state";
import { fully } from "../home/when";
import type { ChangeRoom, RoomDetails } from "../protocol";
import type { Answer, Refused } from "../request";
import "../styles/home.css";
import "../styles/plan.css";
import "../styles/planned.css";
import { titleOf, words } from "../text";
import { CopyLink } from "../view/copy-link";
import { Page, Statement, useTitle } from "../view/page";

/** While a mail is under way, looks this often whether it went out. */
const LOOK_AGAIN_MS = 2_000;

export default function PlannedMeeting(_: SignedInProps): JSX.Element {
  const id = useRoute().params.id ?? "";
  return <Meeting key={id} id={id} />;
}

function Meeting({ id }: { id: string }): JSX.Element {
  const [room, setRoom] = useState<RoomDetails | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);

  const load = useCallback(async () => {
    const answer = await roomDetails(id);
    if (answer.ok) setRoom(answer.value);
    else setRefused(answer);
  }, [id]);
  useEffect(() => {
    void load();
    // Who comes back to the page wants to see how it is now.
    const seen = () => {
      if (document.visibilityState === "visible") void load();
    };
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, [load]);
  useDeliveries(room, load);

  if (room === null && refused !== null) return <Refusal refused={refused} onAgain={() => void load()} />;
  return (
    <Page class="home-page">
      {room === null ? (
        <p class="sr-only" role="status">
          {words.planned.loading}
        </p>
      ) : (
        <Details room={room} onChanged={setRoom} />
      )}
    </Page>
  );
}

function Refusal({ refused, onAgain }: { refused: Refused; onAgain(): void }): JSX.Element {
  const gone = refused.code === "room_not_found" || refused.code === "not_found" || refused.code === "invalid_request";
  const { title, next } = gone ? words.planned.notFound : words.errors[refused.code];
  return (
    <Statement title={title} next={next}>
      {!gone && (
        <button type="button" class="button primary large" onClick={onAgain}>
          {words.tryAgain}
        </button>
      )}
      <a class="button large" href="/home">
        {words.home.back}
      </a>
    </Statement>
  );
}

function Details({ room, onChanged }: { room: RoomDetails; onChanged(room: RoomDetails): void }): JSX.Element {
  const { planned } = words;
  const [editing, setEditing] = useState(false);
  const [saved, setSaved] = useState(false);
  useTitle(titleOf(room));
  const over = isOver(room);
  const leads = room.relation === "owner" || room.relation === "cohost";

  const change = async (body: ChangeRoom): Promise<Answer<RoomDetails>> => {
    setSaved(false);
    const answer = await changeRoom(room.id, body);
    if (answer.ok) onChanged(answer.value);
    return answer;
  };

  return (
    <div class="planned">
      <section class="planned-head">
        <h1>
          <bdi>{titleOf(room)}</bdi>
        </h1>
        <p class="planned-kind">
          <span class="tag">{words.kinds[room.kind].name}</span>
          {room.host_name !== undefined && room.relation !== "owner" && (
            <span class="muted">{planned.hostedBy(room.host_name)}</span>
          )}
          {room.participants > 0 && (
            <span class="meeting-live">
              <span class="live-mark">{words.home.live}</span>
              <span>{words.home.peopleIn(room.participants)}</span>
            </span>
          )}
        </p>
      </section>
      <div class="planned-columns">
        <div class="planned-main">
          {editing ? (
            <EditPlan
              room={room}
              change={change}
              onClose={(changed) => {
                setEditing(false);
                setSaved(changed);
              }}
            />
          ) : (
            <section class="plate">
              <div class="plate-head">
                <h2>{planned.when}</h2>
                {leads && !over && (
                  <button type="button" class="button" onClick={() => setEditing(true)}>
                    <Pencil size={16} aria-hidden="true" />
                    {planned.edit}
                  </button>
                )}
              </div>
              <When room={room} />
              <p class="note">{words.kinds[room.kind].means}</p>
              {over && <p class="muted">{planned.over}</p>}
              <p class="note" role="status">
                {saved ? planned.saved : ""}
              </p>
            </section>
          )}
          {leads && <Invitations room={room} over={over} change={change} />}
        </div>
        <aside class="planned-side">
          {!over && (
            <section class="plate">
              {room.code !== undefined && (
                <a class="button primary large wide" href={`/m/${room.code}`}>
                  <Video size={20} aria-hidden="true" />
                  {planned.join}
                </a>
              )}
              {room.link !== undefined && (
                <>
                  <input
                    type="text"
                    readOnly
                    aria-label={words.schedule.link}
                    value={room.link}
                    onFocus={(event) => event.currentTarget.select()}
                  />
                  <CopyLink link={room.link} class="wide" />
                </>
              )}
              {room.relation !== "attended" && <AddToCalendar room={room} />}
            </section>
          )}
          {leads && <Ending room={room} over={over} change={change} />}
        </aside>
      </div>
    </div>
  );
}

function When({ room }: { room: RoomDetails }): JSX.Element {
  const { planned } = words;
  if (room.starts_at === undefined) return <p>{planned.instant}</p>;
  const zone = room.time_zone ?? ownZone();
  const theirs = fully(room, zone);
  const ours = fully(room, ownZone());
  return (
    <>
      <p class="planned-when">{ours}</p>
      {theirs !== ours && <p class="note">{planned.theirTime(zone.replaceAll("_", " "), theirs)}</p>}
    </>
  );
}

interface EndingProps {
  room: RoomDetails;
  over: boolean;
  change(body: ChangeRoom): Promise<Answer<RoomDetails>>;
}

function Ending({ room, over, change }: EndingProps): JSX.Element | null {
  const { planned } = words;
  const { route } = useLocation();
  const [asked, setAsked] = useState<"end" | "delete" | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const owner = room.relation === "owner";
  if (over && !owner) return null;

  const close = () => {
    setAsked(null);
    setProblem(null);
  };
  const confirm = async () => {
    setBusy(true);
    const answer = asked === "delete" ? await deleteRoom(room.id) : await change({ end: true });
    setBusy(false);
    if (!answer.ok) return setProblem(problemOf(answer));
    close();
    if (asked === "delete") route("/home");
  };

  return (
    <section class="plate ending" aria-label={planned.danger}>
      {!over && (
        <button type="button" class="button wide" onClick={() => setAsked("end")}>
          <X size={18} aria-hidden="true" />
          {planned.end}
        </button>
      )}
      {owner && (
        <button type="button" class="button danger wide" onClick={() => setAsked("delete")}>
          <Trash2 size={18} aria-hidden="true" />
          {planned.delete}
        </button>
      )}
      {asked !== null && (
        <Confirm
          title={asked === "end" ? planned.endTitle : planned.deleteTitle}
          text={asked === "end" ? planned.endText(room.participants) : planned.deleteText}
          action={asked === "end" ? planned.end : planned.delete}
          busy={busy}
          problem={problem}
          onConfirm={() => void confirm()}
          onClose={close}
        />
      )}
    </section>
  );
}

/** Looks again while mails are under way and somebody looks at the page. */
function useDeliveries(room: RoomDetails | null, load: () => Promise<void>): void {
  const sending = room?.invitations?.some(({ delivery }) => delivery === "sending") ?? false;
  useEffect(() => {
    if (!sending) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void load();
    }, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [sending, load]);
}
