/** A panel beside the stage; on phones a sheet above it. */
import { X } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { words } from "../text";
import { Boundary } from "./boundary";
import { IconButton } from "./controls";
import { useFocusBefore } from "./focus";

export function Panel(props: { title: string; children: ComponentChildren; onClose(): void }): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusBefore(heading, panel);
  return (
    <aside ref={panel} class="panel" aria-label={props.title}>
      <header class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {props.title}
        </h2>
        <IconButton icon={X} label={words.close} onClick={props.onClose} class="quiet" />
      </header>
      <Boundary text={words.broken.part}>{props.children}</Boundary>
    </aside>
  );
}
