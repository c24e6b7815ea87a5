/** What the popover "Layout" offers: how tiles are laid out, and where one sees oneself. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { chooseMode, chooseSelfView, MODES, mode, SELF_VIEWS, selfView } from "../call/view-choices";
import { words } from "../text";
import { Choices } from "./choices";

export function LayoutChoices(): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => host.current?.querySelector<HTMLInputElement>("input:checked")?.focus(), []);
  const { title, modes, selfView: own, selfViews } = words.layout;
  return (
    <div ref={host} class="choice-lists">
      <Choices
        label={title}
        choices={MODES.map((value) => ({ value, ...modes[value] }))}
        value={mode.value}
        onChoose={chooseMode}
      />
      <Choices
        label={own}
        choices={SELF_VIEWS.map((value) => ({ value, name: selfViews[value] }))}
        value={selfView.value}
        onChoose={chooseSelfView}
      />
    </div>
  );
}
