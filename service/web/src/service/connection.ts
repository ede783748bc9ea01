/** Whether the page hears of what is new. */
import { signal } from "@preact/signals";

export type Connection = "connecting" | "live" | "broken" | "none";

export const connection = signal<Connection>("connecting");
