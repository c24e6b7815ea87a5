/** A button that opens a list of things to do: arrow keys, Escape, a click elsewhere. */
import type { LucideIcon } from "lucide-preact";
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { forward } from "./direction";

export interface MenuItem {
  label: string;
  icon: LucideIcon;
  /** One line that explains it. */
  text?: string;
  /** It takes something away. */
  danger?: boolean;
  /** Where it leads; else `choose` says what it does. */
  href?: string;
  choose?(): void;
}

interface MenuProps {
  /** Accessible name of the button and of the list. */
  label: string;
  /** What the button shows. */
  face: ComponentChildren;
  items: readonly MenuItem[];
  /** Above the items. */
  head?: ComponentChildren;
  /** In a box that scrolls: the list floats above it, wherever the window has room. */
  floats?: boolean;
  class?: string;
}

/** Between a floating list and the edges of the window, CSS px. */
const EDGE = 8;

export function Menu({ label, face, items, head, floats = false, class: look = "" }: MenuProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();

  useLayoutEffect(() => {
    const element = list.current;
    const button = host.current;
    if (!open || !floats || !element || !button) return undefined;
    const follow = () => place(element, button.getBoundingClientRect());
    follow();
    addEventListener("scroll", follow, true);
    addEventListener("resize", follow);
    return () => {
      removeEventListener("scroll", follow, true);
      removeEventListener("resize", follow);
    };
  }, [open, floats]);

  // Before the next key: whoever presses Enter and then an arrow at once means the list's.
  useLayoutEffect(() => {
    if (!open) return undefined;
    entries(list.current)[0]?.focus();
    const outside = (event: PointerEvent) => {
      if (!host.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    host.current?.querySelector("button")?.focus();
  };

  const press = (event: KeyboardEvent) => {
    const all = entries(list.current);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (open && event.key === "Escape") close();
    else if (open && event.key === "Tab") return setOpen(false);
    else if (open && next !== undefined) all[next % all.length]?.focus();
    else if (!open && event.key === "ArrowDown") setOpen(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={host} class={`menu-host ${look}`} onKeyDown={press}>
      <button
        type="button"
        class="menu-button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div ref={list} id={id} class={floats ? "menu floating" : "menu"} role="menu" aria-label={label}>
          {head}
          {items.map((item) => (
            <Entry key={item.label} item={item} close={close} />
          ))}
        </div>
      )}
    </div>
  );
}

/** Below the button, or above it where that is all the room there is. */
function place(list: HTMLElement, button: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = list;
  const below = button.bottom + 4;
  const top = below + height + EDGE <= innerHeight ? below : button.top - 4 - height;
  list.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  const left = forward() > 0 ? button.right - width : button.left;
  list.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
}

function Entry({ item, close }: { item: MenuItem; close(): void }): JSX.Element {
  const { icon: Icon, label, text, danger, href, choose } = item;
  const shared = {
    class: danger ? "menu-item danger" : "menu-item",
    role: "menuitem",
    tabIndex: -1,
    onClick: () => {
      close();
      choose?.();
    },
  } as const;
  const inside = (
    <>
      <Icon size={18} aria-hidden="true" />
      {text === undefined ? (
        label
      ) : (
        <span>
          {label}
          <span class="note">{text}</span>
        </span>
      )}
    </>
  );
  return href === undefined ? (
    <button type="button" {...shared}>
      {inside}
    </button>
  ) : (
    <a href={href} {...shared}>
      {inside}
    </a>
  );
}

function entries(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}
