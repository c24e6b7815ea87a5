/** Where the focus goes when what had it goes away, or something else takes the place of the view. */
import { useLayoutEffect } from "preact/hooks";

type Ref = { readonly current: HTMLElement | null };

/** When `element` goes with the focus in it, the focus goes where `next` says, while `element` is still there. */
export function useFocusAfter(element: Ref, next: (inside: HTMLElement) => HTMLElement | null | undefined): void {
  useLayoutEffect(() => {
    const inside = element.current;
    return () => {
      if (inside?.contains(document.activeElement)) next(inside)?.focus();
    };
  }, []);
}

/** What appears begins at `heading`, unless something in it has the focus already. */
export function useFocusBefore(heading: Ref, within: Ref): void {
  useLayoutEffect(() => {
    if (!within.current?.contains(document.activeElement)) heading.current?.focus();
  }, []);
}
