/** What may stand behind a person: the choices, and what the compositor makes of them. */

/** Pictures that ship with the client; `pictures.ts` draws them. */
export const PICTURES = ["dawn", "study", "forest", "night"] as const;
export type PictureName = (typeof PICTURES)[number];

/** `own` is a picture from the person's device. */
export const CHOICES = ["none", "slight", "strong", ...PICTURES, "own"] as const;
export type BackgroundChoice = (typeof CHOICES)[number];

/** Standard deviation of the blur, as a part of the picture's height. */
export const BLUR = { slight: 0.014, strong: 0.045 } as const;

export type BackgroundProblem =
  /** The browser lacks something it takes: WebGL 2, WebAssembly, workers. */
  | "unsupported"
  /** What it takes could not be loaded. */
  | "unloaded"
  /** It ran, and stopped. */
  | "stopped"
  /** The person's own picture is not there any more. */
  | "picture";

export class BackgroundFailure extends Error {
  constructor(readonly problem: BackgroundProblem) {
    super(problem);
  }
}

/** A remembered choice; what is not known is none. */
export function choiceOf(text: string): BackgroundChoice {
  return CHOICES.find((choice) => choice === text) ?? "none";
}

export function isPicture(choice: BackgroundChoice): choice is PictureName {
  return PICTURES.some((name) => name === choice);
}
