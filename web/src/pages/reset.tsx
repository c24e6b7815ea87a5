import type { JSX } from "preact";
import { Page } from "../view/page";

export default function Reset(): JSX.Element {
  return <Page> </Page>;
}
