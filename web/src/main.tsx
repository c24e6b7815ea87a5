/**
 * The client's start: which page stands at which address.
 *
 * What a guest needs to get into a call is loaded at once; every other page when it is opened.
 */
import { render } from "preact";
import { ErrorBoundary, LocationProvider, Route, Router } from "preact-iso";
import { forSignedIn } from "./account/gate";
import { beginSession } from "./account/session";
import { Landing } from "./pages/landing";
import { MeetingPage } from "./pages/meeting";
import { NotFound } from "./pages/not-found";
import { firstLanguage, markPage } from "./text/in-use";
import { PageBoundary } from "./view/broken-page";
import { lazyPage } from "./view/lazy-page";
import "./styles.css";

const SignUp = lazyPage(() => import("./pages/sign-up"));
const SignIn = lazyPage(() => import("./pages/sign-in"));
const Verify = lazyPage(() => import("./pages/verify"));
const Reset = lazyPage(() => import("./pages/reset"));
const Home = forSignedIn(lazyPage(() => import("./pages/home")));
const Meeting = forSignedIn(lazyPage(() => import("./pages/planned-meeting")));
const Profile = forSignedIn(lazyPage(() => import("./pages/profile")));

function App() {
  return (
    <LocationProvider>
      <ErrorBoundary>
        <PageBoundary>
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
        </PageBoundary>
      </ErrorBoundary>
    </LocationProvider>
  );
}

markPage(document.documentElement);
beginSession();
const root = document.getElementById("app");
if (root) void firstLanguage().then(() => render(<App />, root));
