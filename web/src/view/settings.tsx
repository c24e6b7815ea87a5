/** What the panel "Settings" has: devices, what is done to sound and picture, how the screen is shared. */
import type { JSX } from "preact";
import type { Call } from "../call/effects";
import { chooseMirrored, mirrored } from "../call/view-choices";
import { PROCESSING } from "../media/capture";
import { canRoute } from "../media/chime";
import { canShare, type ScreenHint } from "../media/screen";
import { words } from "../text";
import { BackgroundChoices } from "./background";
import { Choices } from "./choices";
import { DeviceSelect } from "./device-select";
import { LanguageSelect } from "./language-select";
import { SurfaceSettings } from "./surface-settings";
import { Switch } from "./switch";

const HINTS: readonly ScreenHint[] = ["detail", "motion"];

export function Settings({ call }: { call: Call }): JSX.Element {
  const { capture, screen } = call;
  const { settings, preview, sharing } = words;
  return (
    <div class="panel-body settings">
      <section>
        <h3>{settings.devices}</h3>
        <DeviceSelect call={call} kind="camera" label={preview.camera} />
        <Trouble call={call} kind="camera" />
        <DeviceSelect call={call} kind="microphone" label={preview.microphone} />
        <Trouble call={call} kind="microphone" />
        <DeviceSelect call={call} kind="speaker" label={preview.speaker} />
        {!canRoute && <p class="note">{settings.noRouting}</p>}
      </section>
      <section>
        <h3>{settings.sound}</h3>
        {PROCESSING.map((what) => (
          <Switch
            key={what}
            label={settings[what]}
            checked={capture.processing.value[what]}
            onChange={(on) => void capture.process(what, on)}
          />
        ))}
      </section>
      <section>
        <h3>{settings.picture}</h3>
        <Switch label={settings.mirror} checked={mirrored.value} onChange={chooseMirrored} />
        <BackgroundChoices call={call} />
      </section>
      <section>
        <h3>{settings.screen}</h3>
        {canShare ? (
          <Choices
            label={sharing.hint}
            choices={HINTS.map((value) => ({ value, name: sharing.hints[value] }))}
            value={screen.shared.value.hint}
            onChoose={(hint) => screen.choose(hint)}
          />
        ) : (
          <p class="note">{sharing.missing}</p>
        )}
      </section>
      <SurfaceSettings call={call} />
      <section>
        <LanguageSelect />
      </section>
    </div>
  );
}

function Trouble({ call, kind }: { call: Call; kind: "microphone" | "camera" }): JSX.Element | null {
  const { problem } = call.capture[kind].value;
  if (problem === null) return null;
  return (
    <p class="note trouble" role="alert">
      <span>{words.trouble[kind][problem]}</span>{" "}
      <button type="button" class="link" onClick={() => void call.capture.retry(kind)}>
        {words.trouble.again}
      </button>
    </p>
  );
}
