import type { JSX } from "preact";
import { Page } from "../view/page";

export default function SignIn(): JSX.Element {
  return <Page> </Page>;
}
