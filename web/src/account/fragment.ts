/**
 * What a link carries behind the `#`: secrets that no server log sees.
 *
 * Reading takes it out of the address bar, so that it is neither copied nor kept in the history.
 */
import { useEffect, useState } from "preact/hooks";
import type { Token } from "../protocol";

export type Fragment =
  | { kind: "none" }
  /** From a mail. */
  | { kind: "token"; token: Token }
  /** A provider's account that no account is connected with yet. */
  | { kind: "link"; token: Token }
  /** A provider signed the person in. */
  | { kind: "done" }
  /** A provider's sign-in failed. */
  | { kind: "error"; code: string };

const TOKEN = /^[A-Za-z0-9_.-]{1,512}$/;
const CODE = /^[a-z_]{1,64}$/;

export function parseFragment(hash: string): Fragment {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const [token, link, error] = [fields.get("token"), fields.get("link"), fields.get("error")];
  if (token !== null) return { kind: "token", token: TOKEN.test(token) ? token : "damaged" };
  if (link !== null && TOKEN.test(link)) return { kind: "link", token: link };
  if (error !== null) return { kind: "error", code: CODE.test(error) ? error : "internal" };
  return fields.has("done") ? { kind: "done" } : { kind: "none" };
}

/** The fragment that the page was opened with, and each that comes while it is open. */
export function useFragment(): Fragment {
  const [fragment, setFragment] = useState(take);
  useEffect(() => {
    const listen = () => {
      const next = take();
      if (next.kind !== "none") setFragment(next);
    };
    addEventListener("hashchange", listen);
    return () => removeEventListener("hashchange", listen);
  }, []);
  return fragment;
}

function take(): Fragment {
  const fragment = parseFragment(location.hash);
  if (fragment.kind !== "none") history.replaceState(history.state, "", location.pathname + location.search);
  return fragment;
}
