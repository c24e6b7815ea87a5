/** The frame of every page outside a call, and the calm page that says one thing. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../text";
import { AccountActions } from "./account-actions";
import { ThemeSwitch, Wordmark } from "./controls";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = words.documentTitle(title);
  }, [title]);
}

export function Page(props: {
  children: ComponentChildren;
  class?: string;
  /** Whether the header leads to signing in, or to the person's account. */
  account?: boolean;
}): JSX.Element {
  return (
    <div class={`page ${props.class ?? ""}`}>
      <a class="skip" href="#content">
        {words.skip}
      </a>
      <header class="page-head">
        <Wordmark />
        <nav class="page-actions">
          <ThemeSwitch />
          {props.account !== false && <AccountActions />}
        </nav>
      </header>
      <main id="content">{props.children}</main>
    </div>
  );
}

/** One statement, and what to do next. */
export function Statement(props: {
  title: string;
  next: string;
  icon?: ComponentChildren;
  children?: ComponentChildren;
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(props.title);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <Page class="statement-page">
      <section class="statement">
        {props.icon && <div class="statement-icon">{props.icon}</div>}
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        <p>{props.next}</p>
        <div class="statement-actions">{props.children}</div>
      </section>
    </Page>
  );
}
