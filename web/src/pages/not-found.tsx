/** An address that leads nowhere. */
import { Compass } from "lucide-preact";
import type { JSX } from "preact";
import { words } from "../text";
import { Statement } from "../view/page";

export function NotFound(): JSX.Element {
  return (
    <Statement title={words.notFound.title} next={words.notFound.next} icon={<Compass size={28} aria-hidden="true" />}>
      <a class="button primary large" href="/">
        {words.notFound.home}
      </a>
    </Statement>
  );
}
