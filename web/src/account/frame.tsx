/** The frame of signing up, signing in and what belongs to it: one calm card before the globe. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
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
  useTitle(title);
  useEffect(() => {
    if (announce) heading.current?.focus();
  }, [announce, title]);
  return (
    <Page class="account-page" account={false}>
      <Meridians />
      <section class="account-card">
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
