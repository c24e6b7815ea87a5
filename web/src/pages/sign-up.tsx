import type { JSX } from "preact";
import { Page } from "../view/page";

export default function SignUp(): JSX.Element {
  return <Page> </Page>;
}
