/** Pages for people who are signed in: everyone else is led to signing in, and back. */
import type { ComponentType, JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import type { User } from "../protocol";
import { words } from "../text";
import { Page, Statement } from "../view/page";
import { signInPath } from "./return-path";
import { session } from "./session";

export interface SignedInProps {
  user: User;
}

/** `preload` fetches what the page needs while the server says who is there. */
type Preloadable = ComponentType<SignedInProps> & { preload?: () => Promise<unknown> };

/** The view, for people who are signed in. */
export function forSignedIn(View: Preloadable): () => JSX.Element {
  return function SignedInOnly() {
    const { url, route } = useLocation();
    const state = session.value;
    const leaving = state.kind === "out" ? state.why : null;
    useEffect(() => {
      if (leaving === null) void View.preload?.();
      else if (leaving === "signed_out") route("/", true);
      else route(leaving === "deleted" ? "/signin" : signInPath(url), true);
    }, [leaving]);
    if (state.kind === "in") return <View key={state.user.id} user={state.user} />;
    if (state.kind === "unknown" && state.unreachable) {
      const { title, next } = words.errors.unreachable;
      return <Statement title={title} next={next} />;
    }
    return (
      <Page>
        <p class="sr-only" role="status">
          {words.loading}
        </p>
      </Page>
    );
  };
}
