/** A panel beside the stage; on phones a sheet above it. */
import { X } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { words } from "../text";
import { Boundary } from "./boundary";
import { IconButton } from "./controls";

export function Panel(props: { title: string; children: ComponentChildren; onClose(): void }): JSX.Element {
  return (
    <aside class="panel" aria-label={props.title}>
      <header class="panel-head">
        <h2>{props.title}</h2>
        <IconButton icon={X} label={words.close} onClick={props.onClose} class="quiet" />
      </header>
      <Boundary text={words.broken.part}>{props.children}</Boundary>
    </aside>
  );
}
