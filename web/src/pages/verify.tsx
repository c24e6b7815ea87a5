import type { JSX } from "preact";
import { Page } from "../view/page";

export default function Verify(): JSX.Element {
  return <Page> </Page>;
}
