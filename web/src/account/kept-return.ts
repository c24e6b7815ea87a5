/** Where to go on after a way that leaves the site: to a provider and back, or through a mail. */
import { recall, remember } from "../storage";
import { ownPath } from "./return-path";

export function keepReturn(path: string): void {
  remember("return", path === "/home" ? "" : path);
}

/** What was kept last, once. */
export function takeReturn(): string {
  const kept = recall("return");
  remember("return", "");
  return ownPath(kept);
}
