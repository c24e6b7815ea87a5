import type { JSX } from "preact";
import type { SignedInProps } from "../account/gate";
import { Page } from "../view/page";

export default function Home({ user }: SignedInProps): JSX.Element {
  return <Page>{user.name}</Page>;
}
