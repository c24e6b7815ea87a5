/** The English words about choosing a language, and of what the server says in English. Part of `english.ts`. */
const characters = (number: number) => `${number} ${number === 1 ? "character" : "characters"}`;

export const tongue = {
  tongue: {
    label: "Language",
    notLoaded: "This language could not be loaded. Check your network, then choose it again.",
    notKept: "Your account could not be changed. This page speaks the new language; try again later to keep it.",
    /** A meeting to which nobody gave a title. */
    untitled: "Meeting",
    /** Why the server does not accept a field; each follows the field's name. */
    reasons: {
      empty: "must not be empty",
      invalid: "is not valid",
      most: (number: number) => `must be at most ${characters(number)}`,
      least: (number: number) => `must be at least ${characters(number)}`,
    },
  },
};
