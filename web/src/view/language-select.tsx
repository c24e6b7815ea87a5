/** In which language this page speaks; each is named in itself, for who reads no other. */
import { Languages } from "lucide-preact";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { keepLanguage } from "../account/keep-language";
import { words } from "../text";
import { chooseLanguage, language } from "../text/in-use";
import { LANGUAGES, languageOf } from "../text/languages";

type Trouble = "notLoaded" | "notKept" | null;

export function LanguageSelect(): JSX.Element {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>(null);

  const choose = async (select: HTMLSelectElement) => {
    const chosen = languageOf(select.value);
    if (chosen === null) return;
    setBusy(true);
    const spoken = await chooseLanguage(chosen);
    const kept = spoken && (await keepLanguage(chosen));
    setBusy(false);
    setTrouble(!spoken ? "notLoaded" : kept ? null : "notKept");
    // Where the words did not come, the choice is what it was.
    select.value = language.value;
  };

  return (
    <div class="field language">
      <label for={id}>
        <Languages size={16} aria-hidden="true" />
        {words.tongue.label}
      </label>
      <select
        id={id}
        value={language.value}
        aria-busy={busy || undefined}
        aria-describedby={trouble === null ? undefined : `${id}-trouble`}
        onChange={(event) => void choose(event.currentTarget)}
      >
        {LANGUAGES.map((one) => (
          <option key={one.language} value={one.language} lang={one.language} dir="auto">
            {one.name}
          </option>
        ))}
      </select>
      {trouble !== null && (
        <p id={`${id}-trouble`} class="note text-danger" role="alert">
          {trouble === "notLoaded" ? words.tongue.notLoaded : words.tongue.notKept}
        </p>
      )}
    </div>
  );
}
