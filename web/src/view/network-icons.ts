/** The marks of a network, by how good it is. */
import { type LucideIcon, Signal, SignalLow, SignalMedium } from "lucide-preact";
import type { Quality } from "../media/stats";

export const NETWORK_ICONS: Readonly<Record<Quality, LucideIcon>> = { good: Signal, fair: SignalMedium, poor: SignalLow };
