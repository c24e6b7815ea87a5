/** Instead of a call, where this browser or this address cannot have one: why, and the way on. */
import { Globe, ShieldAlert } from "lucide-preact";
import type { JSX } from "preact";
import { words } from "../text";
import { Statement } from "./page";

export type Inability = "browser" | "insecure";

/** What keeps this page from making calls; null when nothing does. */
export function inability(): Inability | null {
  // Without https there is neither camera nor microphone (Secure Contexts §1), whatever the browser can.
  if (!isSecureContext) return "insecure";
  return typeof RTCPeerConnection === "undefined" ? "browser" : null;
}

export function Unable({ why }: { why: Inability }): JSX.Element {
  const { unable, ended } = words;
  const secure = location.href.replace(/^http:/, "https:");
  return why === "insecure" ? (
    <Statement title={unable.insecure} next={unable.insecureNext} icon={<ShieldAlert size={28} />}>
      <a class="button primary large" href={secure}>
        {unable.secure}
      </a>
    </Statement>
  ) : (
    <Statement title={unable.browser} next={unable.browserNext} icon={<Globe size={28} />}>
      <a class="button large" href="/">
        {ended.home}
      </a>
    </Statement>
  );
}
