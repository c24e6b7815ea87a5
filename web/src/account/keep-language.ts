/** The account of whoever is signed in speaks the language that they chose, on every device. */
import { changeProfile } from "../api";
import { type Language, languageOf } from "../text/languages";
import { regional } from "./locales";
import { profileChanged, session } from "./session";

/** True where there was nothing to keep, or it is kept. */
export async function keepLanguage(language: Language): Promise<boolean> {
  const state = session.value;
  if (state.kind !== "in" || languageOf(state.user.locale) === language) return true;
  const answer = await changeProfile({ locale: regional(language) });
  if (answer.ok) profileChanged(answer.value);
  return answer.ok;
}
