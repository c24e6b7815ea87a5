/** Words of the stage: screens, layouts, devices during a call. */
import type { DeviceProblem } from "../media/capture";
import type { ScreenHint, ScreenProblem } from "../media/screen";
import type { Mode, SelfView } from "../call/layout";
import type { PauseReason, WeakQuality } from "../protocol";

export const stage = {
  stage: {
    screenOf: (name: string) => `Screen of ${name}`,
    /** On a picture that stands still. */
    paused: {
      bandwidth: "paused: your network cannot carry it now",
      slots: "paused: too many pictures at once",
      codec: "paused: this browser cannot show how it is sent",
    } satisfies Record<PauseReason, string>,
    /** At somebody's name, when it is not good. */
    network: { fair: "unsteady network", poor: "weak network" } satisfies Record<WeakQuality, string>,
    /** On the tile of somebody who is large because they were chosen. */
    pinned: "pinned",
    spotlit: "shown to everyone",
    previousPage: "Previous page",
    nextPage: "Next page",
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  },

  sharing: {
    share: "Share screen",
    stop: "Stop sharing",
    now: "Everyone sees your screen.",
    withSound: "Everyone sees your screen and hears its sound.",
    hint: "Optimise for",
    hints: { detail: "Text", motion: "Motion" } satisfies Record<ScreenHint, string>,
    missing: "This browser cannot share a screen. Use a computer with a current browser.",
    problems: {
      system: "Your system does not let the browser record the screen. Allow it in the system's privacy settings.",
      failed: "The screen could not be shared. Try again, or choose another window.",
    } satisfies Record<ScreenProblem, string>,
  },

  layout: {
    title: "Layout",
    modes: {
      grid: { name: "Grid", text: "Everybody alike" },
      speaker: { name: "Speaker", text: "Who speaks fills the stage" },
      sidebar: { name: "Sidebar", text: "Who speaks large, the others beside" },
    } satisfies Record<Mode, { name: string; text: string }>,
    selfView: "Your own picture",
    selfViews: { tile: "Among the others", float: "In a corner", hidden: "Hidden" } satisfies Record<SelfView, string>,
  },

  settings: {
    title: "Settings",
    devices: "Devices",
    screen: "Your screen",
    sound: "Your sound",
    picture: "Your picture",
    noiseSuppression: "Noise suppression",
    echoCancellation: "Echo cancellation",
    autoGainControl: "Automatic gain",
    mirror: "Mirror self-view",
    noRouting: "This browser plays sound where the system does.",
  },

  /** A device that fails during a call. */
  trouble: {
    again: "Try again",
    without: "Go on without",
    microphone: {
      refused: "The browser does not let this page use your microphone. Allow it beside the address, then try again.",
      missing: "No microphone found. Plug one in, then try again.",
      busy: "Another program is using your microphone. Close it there, then try again.",
      unsupported: "This browser cannot use a microphone here. Use a current browser over a secure connection.",
    } satisfies Record<DeviceProblem, string>,
    camera: {
      refused: "The browser does not let this page use your camera. Allow it beside the address, then try again.",
      missing: "No camera found. Plug one in, then try again.",
      busy: "Another program is using your camera. Close it there, then try again.",
      unsupported: "This browser cannot use a camera here. Use a current browser over a secure connection.",
    } satisfies Record<DeviceProblem, string>,
  },

  fallback: {
    microphone: (name: string) => `Your microphone is gone. Using “${name}” now.`,
    camera: (name: string) => `Your camera is gone. Using “${name}” now.`,
    speaker: () => "Your speaker is gone. Using the system default now.",
  },
};
