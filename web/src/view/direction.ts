/** Which way the page's lines run. */
import { language } from "../text/in-use";
import { directionOf } from "../text/languages";

/** 1 where the next thing stands to the right, -1 where it stands to the left. */
export function forward(): 1 | -1 {
  return directionOf(language.value) === "rtl" ? -1 : 1;
}
