/** The panel "Connection": what the browser reports of its own connection, in words and figures, while it is open. */
import { Unplug } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { health } from "../api";
import type { Call } from "../call/effects";
import { trackKey } from "../media/slots";
import { type Candidate, type Figures, type Flow, figures, judge, type Sample, sample } from "../media/stats";
import type { PauseReason, Source, WeakQuality } from "../protocol";
import { words } from "../text";
import type { CallViewProps } from "./in-meeting";
import { NETWORK_ICONS } from "./network-icons";
import "../styles/connection.css";

/** How often the browser is asked, in milliseconds. */
const EVERY_MS = 1_000;
/** Figures are of this many of the last samples: one second alone jumps. */
const SAMPLES = 4;

export function Connection({ call, meeting }: CallViewProps): JSX.Element {
  const { told, lost } = useFigures(call);
  const region = useRegion();
  const away = meeting.media !== "connected" || lost;
  const { connection } = words;
  return (
    // Nothing in it takes the focus, and whoever has no mouse must scroll it.
    <section class="panel-body connection" tabIndex={0}>
      <Verdict told={away ? null : told} away={away} />
      {told && !away && (
        <>
          <Line told={told} region={region} />
          <Flows title={connection.sent} none={connection.nothingSent}>
            {told.sent.map((flow) => (
              <Row key={flow.track} name={sentName(call, flow)} flow={flow} />
            ))}
          </Flows>
          <Flows title={connection.received} none={connection.nothingReceived}>
            {[
              ...told.received
                .filter((flow) => !stillOf(call, flow))
                .map((flow) => <Row key={flow.track} name={receivedName(call, meeting, flow)} flow={flow} />),
              ...stills(call, meeting).map(([key, name, why]) => (
                <li key={key}>
                  <strong>{name}</strong>
                  <span>{words.stage.paused[why]}</span>
                </li>
              )),
            ]}
          </Flows>
          <Flows title={connection.networks} none={connection.networksGood}>
            {weakOthers(call, meeting).map(([id, name, quality]) => (
              <li key={id}>
                <strong>
                  <bdi>{name}</bdi>
                </strong>
                <span>{words.stage.network[quality]}</span>
              </li>
            ))}
          </Flows>
        </>
      )}
    </section>
  );
}

/** Asks the browser while it is shown, and never else. */
function useFigures(call: Call): { told: Figures | null; lost: boolean } {
  const [state, setState] = useState<{ told: Figures | null; lost: boolean }>({ told: null, lost: false });
  useEffect(() => {
    let over = false;
    let samples: Sample[] = [];
    const look = async () => {
      const report = await call.media.stats().catch(() => null);
      if (over) return;
      if (report === null) {
        samples = [];
        setState({ told: null, lost: true });
        return;
      }
      const now = sample(report as unknown as Map<string, unknown>, performance.now(), call.media.carrier.value);
      const [oldest] = samples;
      const told = oldest ? figures(oldest, now) : null;
      // Another connection took over: begin anew with it.
      samples = oldest && !told ? [now] : [...samples, now].slice(-SAMPLES);
      setState({ told, lost: false });
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [call]);
  return state;
}

/** The region's name where there is only one that it can be: the room does not say which it chose. */
function useRegion(): string | null {
  const [region, setRegion] = useState<string | null>(null);
  useEffect(() => {
    let over = false;
    void health().then((answer) => {
      const names = new Set(answer?.value.regions.map(({ region: name }) => name));
      const [only] = names;
      if (!over && names.size === 1 && only !== undefined) setRegion(only);
    });
    return () => {
      over = true;
    };
  }, []);
  return region;
}

function Verdict({ told, away }: { told: Figures | null; away: boolean }): JSX.Element {
  const { connection } = words;
  if (!told) {
    return (
      <div class={`verdict ${away ? "poor" : ""}`} role="status">
        {away && <Unplug size={20} aria-hidden="true" />}
        <p>{away ? connection.away : connection.measuring}</p>
      </div>
    );
  }
  const { quality, why } = judge(told);
  const Icon = NETWORK_ICONS[quality];
  return (
    <div class={`verdict ${quality}`} role="status">
      <Icon size={20} />
      <div>
        <h3>{connection.quality[quality]}</h3>
        <p>{why === null ? connection.fine : connection.why[why]}</p>
        {why !== null && <p class="note">{connection.advice}</p>}
      </div>
    </div>
  );
}

function Line({ told, region }: { told: Figures; region: string | null }): JSX.Element {
  const { connection } = words;
  const { path } = told;
  const share = (loss: number | null) => (loss === null ? connection.unknown : connection.percent(loss));
  return (
    <section>
      <h3>{connection.line}</h3>
      <dl class="figures">
        <Figure name={connection.path} note={path ? connection.wayMeans[path.way] : undefined}>
          {path ? connection.way[path.way](region) : connection.unknown}
        </Figure>
        {path && path.way !== "websocket" && (
          <>
            <Figure name={connection.protocol}>{(path.local.protocol ?? connection.unknown).toUpperCase()}</Figure>
            <Figure name={connection.local}>{end(path.local)}</Figure>
            <Figure name={connection.remote}>{end(path.remote)}</Figure>
          </>
        )}
        <Figure name={connection.roundTrip}>
          {told.roundTrip === null ? connection.unknown : connection.milliseconds(told.roundTrip)}
        </Figure>
        <Figure name={connection.lossOut}>{share(told.lossOut)}</Figure>
        <Figure name={connection.lossIn}>{share(told.lossIn)}</Figure>
        <Figure name={connection.rateOut}>{connection.rate(told.rateOut)}</Figure>
        <Figure name={connection.rateIn}>{connection.rate(told.rateIn)}</Figure>
        {told.room !== null && <Figure name={connection.room}>{connection.rate(told.room)}</Figure>}
      </dl>
    </section>
  );
}

function Figure(props: { name: string; children: ComponentChildren; note?: string | undefined }): JSX.Element {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        {props.children}
        {props.note !== undefined && <span class="note">{props.note}</span>}
      </dd>
    </div>
  );
}

function end({ type, address, port }: Candidate): string {
  const at = address === null ? null : port === null ? address : `${address.includes(":") ? `[${address}]` : address}:${port}`;
  const kind = type === null ? words.connection.unknown : `${words.connection.candidates[type]} (${type})`;
  return at === null ? kind : `${at}, ${kind}`;
}

function Flows(props: { title: string; none: string; children: JSX.Element[] }): JSX.Element {
  return (
    <section>
      <h3>{props.title}</h3>
      {props.children.length === 0 ? <p class="note">{props.none}</p> : <ul aria-label={props.title}>{props.children}</ul>}
    </section>
  );
}

function Row({ name, flow }: { name: string; flow: Flow }): JSX.Element {
  const { connection } = words;
  const { codec, width, height, pictures, rate, limit } = flow;
  const facts = [
    ...(width !== null && height !== null ? [connection.picture(width, height, pictures)] : []),
    ...(codec === null ? [] : [codec]),
    connection.rate(rate),
    ...(limit === null ? [] : [connection.limits[limit] ?? limit]),
  ];
  return (
    <li>
      <strong>{name}</strong>
      <span>{facts.join(" · ")}</span>
    </li>
  );
}

function sentName({ capture, screen }: Call, { track, kind }: Flow): string {
  const { connection } = words;
  const { picture, sound } = screen.shared.value;
  if (track !== null && track === sound?.id) return connection.ownScreenSound;
  if (track !== null && track === picture?.id && track !== capture.camera.value.track?.id) return connection.ownScreen;
  return kind === "audio" ? connection.ownSound : connection.ownPicture;
}

/** Whether it is of a picture that stands still, and only ends in these samples. */
function stillOf({ media: { paused, tracks } }: Call, { track }: Flow): boolean {
  return [...paused.value.keys()].some((key) => tracks.value.get(key)?.id === track);
}

/** The pictures that stand still, with their names. */
function stills({ media: { paused } }: Call, { room }: CallViewProps["meeting"]): [string, string, PauseReason][] {
  return room.participants.flatMap(({ id, name, camera, screen }) => {
    const [ofCamera, ofScreen] = [paused.value.get(trackKey(id, "camera")), paused.value.get(trackKey(id, "screen"))];
    return [
      ...(camera && ofCamera ? [[`${id}/camera`, words.connection.cameraOf(name), ofCamera] as [string, string, PauseReason]] : []),
      ...(screen && ofScreen ? [[`${id}/screen`, words.stage.screenOf(name), ofScreen] as [string, string, PauseReason]] : []),
    ];
  });
}

/** Whose network is not good, with their names. */
function weakOthers({ media: { networks } }: Call, { room, you }: CallViewProps["meeting"]): [string, string, WeakQuality][] {
  return room.participants.flatMap(({ id, name }) => {
    const quality = networks.value.get(id);
    return quality && id !== you ? [[id, name, quality]] : [];
  });
}

/** Whose picture it is. Who is heard on which voice changes with every word, so voices have no names. */
function receivedName(call: Call, { room }: CallViewProps["meeting"], { track, kind }: Flow): string {
  if (kind === "video") {
    for (const { id, name } of room.participants) {
      const shows = (source: Source) => call.media.tracks.value.get(trackKey(id, source))?.id === track;
      if (shows("camera")) return words.connection.cameraOf(name);
      if (shows("screen")) return words.stage.screenOf(name);
    }
  }
  return words.connection.voice;
}
