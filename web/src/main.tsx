/**
 * The client's start: which page stands at which address.
 *
 * What a guest needs to get into a call is loaded at once; every other page when it is opened.
 */
import { render } from "preact";
import { ErrorBoundary, lazy, LocationProvider, Route, Router } from "preact-iso";
import { forSignedIn } from "./account/gate";
import { beginSession } from "./account/session";
import { Landing } from "./pages/landing";
import { MeetingPage } from "./pages/meeting";
import { NotFound } from "./pages/not-found";
import { words } from "./text";
import "./styles.css";

const SignUp = lazy(() => import("./pages/sign-up"));
const SignIn = lazy(() => import("./pages/sign-in"));
const Verify = lazy(() => import("./pages/verify"));
const Reset = lazy(() => import("./pages/reset"));
const Home = forSignedIn(lazy(() => import("./pages/home")));
const Meeting = forSignedIn(lazy(() => import("./pages/planned-meeting")));
const Profile = forSignedIn(lazy(() => import("./pages/profile")));

/** A page this young was not loaded from an earlier build; reloading it again would not help. */
const RELOAD_AFTER_MS = 10_000;

function App() {
  return (
    <LocationProvider>
      <ErrorBoundary>
        <Router>
          <Route path="/" component={Landing} />
          <Route path="/m/:code" component={MeetingPage} />
          <Route path="/signup" component={SignUp} />
          <Route path="/signin" component={SignIn} />
          <Route path="/verify" component={Verify} />
          <Route path="/reset" component={Reset} />
          <Route path="/home" component={Home} />
          <Route path="/meetings/:id" component={Meeting} />
          <Route path="/profile" component={Profile} />
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
    </LocationProvider>
  );
}

// A page of an earlier build asks for a chunk that is gone: the new build has it under another name.
window.addEventListener("vite:preloadError", () => {
  if (performance.now() > RELOAD_AFTER_MS) location.reload();
});

document.documentElement.lang = words.language;
beginSession();
const root = document.getElementById("app");
if (root) render(<App />, root);
