/** Keeps a screen from going dark while a meeting is on it. */
import { useEffect } from "preact/hooks";

export function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let over = false;
    // A page that was hidden lost its lock, and asks again when it is seen.
    const ask = async () => {
      if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
      try {
        const granted = await navigator.wakeLock.request("screen");
        if (over) await granted.release();
        else lock = granted;
      } catch {
        // Refused to save power: the system knows better.
      }
    };
    void ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, []);
}
