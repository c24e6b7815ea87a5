/** The colours behind a person's initials: those of which the server gives each new account one. */
import type { Color } from "../protocol";

/** Each carries white text; `words.account.colours` names them in this order. */
export const COLOURS: readonly Color[] = [
  "#b91c1c",
  "#c2410c",
  "#a16207",
  "#4d7c0f",
  "#15803d",
  "#0f766e",
  "#0e7490",
  "#0369a1",
  "#1d4ed8",
  "#4338ca",
  "#7e22ce",
  "#be185d",
];
