/** What is open beside or above the stage: one panel at a time, the choice of layouts, the sheet of keys. */
import { type Signal, signal } from "@preact/signals";

export type PanelName = "chat" | "people" | "settings" | "connection";

/** Someone who rejoins within the page finds the panel as it was. */
export const panel: Signal<PanelName | null> = signal(null);

export const layoutOpen: Signal<boolean> = signal(false);

export const sheetOpen: Signal<boolean> = signal(false);
