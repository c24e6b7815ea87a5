/** A page that broke says so, instead of going blank. */
import type { ComponentChildren, JSX } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { words } from "../text";
import { Statement } from "./page";

export function PageBoundary({ children }: { children: ComponentChildren }): JSX.Element {
  const [error, again] = useErrorBoundary((thrown: unknown) => reportError(thrown));
  if (error === undefined) return <>{children}</>;
  return (
    <Statement title={words.broken.page} next={words.broken.pageNext}>
      <button type="button" class="button primary large" onClick={again}>
        {words.tryAgain}
      </button>
      {/* Loaded anew: what broke may be in what is kept between pages. */}
      <a class="button large" href="/" target="_self">
        {words.ended.home}
      </a>
    </Statement>
  );
}
