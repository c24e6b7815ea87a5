/** Words of what is done to pictures: what stands behind people, the call in a small window. */
import type { BackgroundChoice, BackgroundProblem } from "../media/background/choice";
import type { OwnPictureProblem } from "../media/background/own-picture";

export const effects = {
  background: {
    title: "Background",
    choices: {
      none: "None",
      slight: "Slight blur",
      strong: "Strong blur",
      dawn: "Dawn",
      study: "Study",
      forest: "Forest",
      night: "Night",
      own: "Your picture",
    } satisfies Record<BackgroundChoice, string>,
    choosePicture: "Choose your own picture",
    changePicture: "Choose another picture",
    onDevice: "Your picture is changed on this device, before it is sent.",
    preparing: "Preparing your background…",
    /** Others still see the room behind the person. */
    preparingShown: "Preparing your background. Others see you without it until then.",
    goPlain: "Show me without it",
    problems: {
      unsupported: "This browser cannot change your background, so others do not see you now.",
      unloaded: "What the background needs could not be loaded, so others do not see you now. Check your network.",
      stopped: "The background stopped working, so others do not see you now.",
      picture: "Your own picture is no longer on this device, so others do not see you now. Choose another background.",
    } satisfies Record<BackgroundProblem, string>,
    pictureProblems: {
      too_large: "This picture is too large. Choose one of at most 25 MB.",
      unreadable: "This file cannot be read as a picture. Choose a photo, for example a JPEG or PNG.",
      unkept: "This browser keeps no pictures for this page. Allow it to store data, or choose one of the others.",
    } satisfies Record<OwnPictureProblem, string>,
  },

  floating: {
    open: "Open in a small window",
    close: "Close the small window",
    failed: "The small window could not be opened. Keep this tab in sight instead.",
  },
};
