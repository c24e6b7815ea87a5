/** Copies a meeting's link, and says so where the person looks. */
import { Check, Link2 } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../text";
import { copy } from "./controls";

const SHOWN_MS = 2_500;

interface CopyLinkProps {
  link: string;
  class?: string;
  /** Only the icon, where many links stand below one another. */
  short?: boolean;
  /** Says which meeting's. */
  of?: string;
}

export function CopyLink({ link, short = false, of, ...props }: CopyLinkProps): JSX.Element {
  const [told, setTold] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => setTold(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const Icon = told === "copied" ? Check : Link2;
  const label = of === undefined ? words.call.copyLink : `${words.call.copyLink}: ${of}`;
  return (
    <>
      <button
        type="button"
        class={`button ${props.class ?? ""}`}
        aria-label={label}
        title={short ? words.call.copyLink : undefined}
        onClick={() => void copy(link).then((copied) => setTold(copied ? "copied" : "failed"))}
      >
        <Icon size={18} aria-hidden="true" />
        {!short && <span>{told === "copied" ? words.home.copied : words.call.copyLink}</span>}
      </button>
      <span class={told === "failed" ? "note text-danger" : "sr-only"} role="status">
        {told === null ? "" : told === "copied" ? words.home.copied : words.home.copyFailed}
      </span>
    </>
  );
}
