/** Home: what is to come, what was, and every way to start. Whoever has it open can be rung. */
import { CalendarPlus, Phone } from "lucide-preact";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import type { SignedInProps } from "../account/gate";
import { CallDialog } from "../home/call-dialog";
import { Home as HomeConnection } from "../home/home";
import { Incoming } from "../home/incoming";
import { Past, Upcoming } from "../home/meeting-list";
import { NewMeetingMenu } from "../home/new-meeting-menu";
import { ScheduleDialog } from "../home/schedule-dialog";
import "../styles/home.css";
import "../styles/plan.css";
import { words } from "../text";
import { JoinByCode } from "../view/join-by-code";
import { Page, useTitle } from "../view/page";

/** A page that stays open passes midnight. */
const LOOK_AT_CLOCK_MS = 60_000;
/** Not worth a word when it is over at once. */
const TOLD_AFTER_MS = 4_000;

export default function Home({ user }: SignedInProps): JSX.Element {
  const { home: text } = words;
  const { route } = useLocation();
  const [home, setHome] = useState<HomeConnection | null>(null);
  const [dialog, setDialog] = useState<"schedule" | "call" | null>(null);
  const now = useNow();

  useEffect(() => {
    const opened = new HomeConnection();
    setHome(opened);
    return () => opened.dispose();
  }, []);

  const { meetings, calls, current } = home?.state.value ?? { meetings: null, calls: [], current: true };
  useTitle(calls[0] ? words.calling.incoming(calls[0].call.name) : text.title);
  const stale = useLasting(!current);

  return (
    <Page class="home-page">
      <div class="home">
        <section class="home-start">
          <h1>{text.hello(user.name)}</h1>
          <div class="home-actions">
            <NewMeetingMenu />
            <button type="button" class="button large" onClick={() => setDialog("schedule")}>
              <CalendarPlus size={20} aria-hidden="true" />
              {text.schedule}
            </button>
            <button type="button" class="button large" onClick={() => setDialog("call")}>
              <Phone size={20} aria-hidden="true" />
              {text.call}
            </button>
          </div>
          <JoinByCode />
        </section>
        {stale && (
          <p class="banner" role="status">
            {text.offline}
          </p>
        )}
        <section class="home-list">
          <h2>{text.upcoming}</h2>
          {meetings ? <Upcoming meetings={meetings.upcoming} now={now} /> : <Skeleton />}
        </section>
        {meetings && (
          <section class="home-list">
            <h2>{text.past}</h2>
            <Past meetings={meetings.past} now={now} />
          </section>
        )}
      </div>
      {dialog === "schedule" && <ScheduleDialog onClose={() => setDialog(null)} />}
      {dialog === "call" && <CallDialog user={user} onClose={() => setDialog(null)} />}
      <Incoming
        calls={calls}
        onAccept={(call) => {
          home?.accept(call);
          route(`/m/${call.code}`);
        }}
        onDecline={(call) => home?.decline(call)}
      />
    </Page>
  );
}

function Skeleton(): JSX.Element {
  return (
    <div class="meetings" role="status" aria-label={words.home.loading}>
      {[0, 1, 2].map((row) => (
        <div key={row} class="meeting hollow">
          <span class="leaf" />
          <span class="hollow-words" />
          <span class="skeleton" />
        </div>
      ))}
    </div>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_AT_CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** True once it was true for a while. */
function useLasting(is: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!is) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), TOLD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [is]);
  return is && lasting;
}
