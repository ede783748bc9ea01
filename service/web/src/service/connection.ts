/** Whether the page hears of what is new. */
import { signal } from "@preact/signals";

export type Connection = "connecting" | "live" | "broken" | "none";

export const connection = signal<Connection>("connecting");

/** Counts up when what was asked in vain is to be asked again. */
export const tries = signal(0);

/** After a failure the same is asked again, this much later; sooner where the feed finds the service there again. */
const AGAIN = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function tryAgain(after = AGAIN): void {
  clearTimeout(timer);
  timer = setTimeout(() => tries.value++, after);
}
