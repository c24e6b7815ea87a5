/** The English words about choosing a language. Part of `english.ts`. */
export const tongue = {
  tongue: {
    label: "Language",
    notLoaded: "This language could not be loaded. Check your network, then choose it again.",
    notKept: "Your account could not be changed. This page speaks the new language; try again later to keep it.",
  },
};
