/**
 * The screen, window or tab that this person shares, with its sound where the browser has it.
 *
 * The browser asks which; nothing is remembered of it. It ends when the person ends it here, in the
 * browser's own bar, or closes what is shared.
 */
import { type Signal, signal } from "@preact/signals";

/** What counts in the picture: that text can be read, or that it moves. */
export type ScreenHint = "detail" | "motion";

export interface Shared {
  picture: MediaStreamTrack | null;
  sound: MediaStreamTrack | null;
  hint: ScreenHint;
  /** The browser asks the person which. */
  asking: boolean;
}

export type ScreenProblem =
  /** The system does not let this browser record the screen. */
  | "system"
  | "failed";

export const canShare = typeof navigator !== "undefined" && "getDisplayMedia" in (navigator.mediaDevices ?? {});

/** How sharp and how often, in px and pictures a second. */
const PICTURE: MediaTrackConstraints = {
  width: { max: 2560 },
  height: { max: 1440 },
  frameRate: { ideal: 30, max: 30 },
};

/** What is asked for. Parts of it are newer than the types, and ignored by browsers that don't know them. */
function wanted(media: MediaDevices): DisplayMediaStreamOptions {
  // The sound of the system has the others' voices in it, which they must not hear again.
  const withoutOwn = "restrictOwnAudio" in media.getSupportedConstraints();
  return {
    video: PICTURE,
    audio: {
      // A film's sound is not a voice: nothing may be taken out of it.
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      ...(withoutOwn && { restrictOwnAudio: true }),
    },
    ...{
      systemAudio: withoutOwn ? "include" : "exclude",
      selfBrowserSurface: "exclude",
      surfaceSwitching: "include",
    },
  };
}

export class ScreenShare {
  readonly shared: Signal<Shared> = signal({ picture: null, sound: null, hint: "detail", asking: false });

  /** Asks which. That a person decides otherwise is no problem. */
  async start(): Promise<ScreenProblem | null> {
    const before = this.shared.value;
    if (before.asking || before.picture) return null;
    this.shared.value = { ...before, asking: true };
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(wanted(navigator.mediaDevices));
      // Stopped while the browser asked.
      if (this.shared.value.asking) this.#take(stream);
      else for (const track of stream.getTracks()) track.stop();
      return null;
    } catch (error) {
      this.shared.value = { ...this.shared.value, asking: false };
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return "failed";
      return /system/i.test(error.message) ? "system" : null;
    }
  }

  stop(): void {
    const { picture, sound, hint } = this.shared.value;
    picture?.stop();
    sound?.stop();
    this.shared.value = { picture: null, sound: null, hint, asking: false };
  }

  /** Goes on without sound. */
  silence(): void {
    this.shared.value.sound?.stop();
    this.shared.value = { ...this.shared.value, sound: null };
  }

  choose(hint: ScreenHint): void {
    if (this.shared.value.picture) this.shared.value.picture.contentHint = hint;
    this.shared.value = { ...this.shared.value, hint };
  }

  #take(stream: MediaStream): void {
    const [picture = null] = stream.getVideoTracks();
    const [sound = null] = stream.getAudioTracks();
    const { hint } = this.shared.value;
    if (picture) {
      picture.contentHint = hint;
      picture.addEventListener("ended", () => {
        if (this.shared.value.picture === picture) this.stop();
      });
    }
    if (sound) sound.contentHint = "music";
    sound?.addEventListener("ended", () => {
      if (this.shared.value.sound === sound) this.silence();
    });
    this.shared.value = { picture, sound, hint, asking: false };
  }
}
