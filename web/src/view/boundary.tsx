/** What keeps a broken part of the page from taking the rest, and the call, with it. */
import { TriangleAlert } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useErrorBoundary, useRef } from "preact/hooks";
import { words } from "../text";

interface BoundaryProps {
  children: ComponentChildren;
  /** What is said in place of the part. */
  text: string;
  look?: "part" | "tile" | "stage";
  /** Where the part stands, if it says so itself. */
  style?: JSX.CSSProperties;
}

/** Catches what its children throw while they are drawn, reports it, and draws them anew on request. */
export function Boundary({ children, text, look = "part", style }: BoundaryProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const [error, again] = useErrorBoundary((thrown: unknown) => reportError(thrown));
  if (error === undefined) return <>{children}</>;
  const retry = () => {
    // The button goes: the focus stays in the part that it was in.
    const near = place.current?.closest(".panel, .dialog")?.querySelector<HTMLElement>("button");
    again();
    near?.focus();
  };
  return (
    <div ref={place} class={`broken ${look}`} style={style} role="alert">
      <TriangleAlert size={20} aria-hidden="true" />
      <p>{text}</p>
      <button type="button" class="button" onClick={retry}>
        {words.tryAgain}
      </button>
    </div>
  );
}
