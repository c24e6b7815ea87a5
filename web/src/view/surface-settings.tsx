/** Settings about being told and about keys, and the ways to the list of keys and to the connection's figures. */
import { Activity, Keyboard } from "lucide-preact";
import type { JSX } from "preact";
import {
  chooseKeys,
  choosePushToTalk,
  chooseSound,
  keysOn,
  pushToTalk,
  SOUNDS,
  soundChoices,
  sounds,
  soundsOn,
} from "../call/preferences";
import type { Call } from "../call/effects";
import { inMeeting } from "../call/state";
import { words } from "../text";
import { panel, sheetOpen } from "./shown";
import { Switch } from "./switch";

export function SurfaceSettings({ call }: { call: Call }): JSX.Element {
  const choices = soundChoices.value;
  const people = inMeeting(call.state.value)?.room.participants.length ?? 0;
  const all = soundsOn(choices);
  const { keys, connection } = words;
  return (
    <>
      <section>
        <h3>{words.sounds.heading}</h3>
        <Switch
          label={words.sounds.all}
          note={words.sounds.allMeans}
          checked={all}
          onChange={(on) => chooseSound("all", on)}
        />
        {all &&
          SOUNDS.map((kind) => (
            <Switch
              key={kind}
              label={words.sounds.kinds[kind]}
              {...(kind !== "hands" && choices[kind] === undefined && { note: words.sounds.crowd })}
              checked={sounds(choices, kind, people)}
              onChange={(on) => chooseSound(kind, on)}
            />
          ))}
      </section>
      <section>
        <h3>{keys.heading}</h3>
        <Switch label={keys.single} checked={keysOn.value} onChange={chooseKeys} />
        <Switch label={keys.talk} note={keys.talkMeans} checked={pushToTalk.value} onChange={choosePushToTalk} />
        <button
          type="button"
          class="button wide"
          onClick={() => {
            sheetOpen.value = true;
          }}
        >
          <Keyboard size={18} aria-hidden="true" />
          {keys.show}
        </button>
      </section>
      <section>
        <h3>{connection.title}</h3>
        <button
          type="button"
          class="button wide"
          onClick={() => {
            panel.value = "connection";
          }}
        >
          <Activity size={18} aria-hidden="true" />
          {connection.show}
        </button>
      </section>
    </>
  );
}
