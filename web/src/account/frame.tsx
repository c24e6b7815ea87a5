/** The frame of signing up, signing in and what belongs to it: one calm card before the globe. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Meridians } from "../view/meridians";
import { Page, useTitle } from "../view/page";
import "../styles/account.css";

interface FrameProps {
  title: string;
  lead?: string;
  icon?: ComponentChildren;
  children?: ComponentChildren;
  /** Under the card. */
  foot?: ComponentChildren;
  /** The page changed by itself: its title is read out. */
  announce?: boolean;
}

export function Frame({ title, lead, icon, children, foot, announce = false }: FrameProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const card = useRef<HTMLElement>(null);
  useTitle(title);
  useLayoutEffect(() => {
    if (announce) heading.current?.focus();
    // On phones the keyboard would cover what the page says.
    else if (matchMedia("(hover: hover) and (pointer: fine)").matches) card.current?.querySelector("input")?.focus();
  }, [announce, title]);
  return (
    <Page class="account-page" account={false}>
      <Meridians />
      <section ref={card} class="account-card">
        {icon && <div class="account-icon">{icon}</div>}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class="account-lead">{lead}</p>}
        {children}
      </section>
      {foot && <p class="account-foot">{foot}</p>}
    </Page>
  );
}
