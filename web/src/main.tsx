/** The client's start: which page stands at which address. */
import { render } from "preact";
import { LocationProvider, Route, Router } from "preact-iso";
import { Accounts } from "./pages/accounts";
import { Landing } from "./pages/landing";
import { MeetingPage } from "./pages/meeting";
import { NotFound } from "./pages/not-found";
import { words } from "./text";
import "./styles.css";

function App() {
  return (
    <LocationProvider>
      <Router>
        <Route path="/" component={Landing} />
        <Route path="/m/:code" component={MeetingPage} />
        <Route path="/signin" component={() => <Accounts page="signIn" />} />
        <Route path="/signup" component={() => <Accounts page="signUp" />} />
        <Route default component={NotFound} />
      </Router>
    </LocationProvider>
  );
}

document.documentElement.lang = words.language;
const root = document.getElementById("app");
if (root) render(<App />, root);
