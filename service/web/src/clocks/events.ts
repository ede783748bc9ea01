/** The events of the log at which what is known of reports changed: the stops of the clock of knowledge. */
import { computed, signal } from "@preact/signals";

import { allReports, head } from "~/known";
import { type Instant, instant, now } from "./instants";

export interface Event {
  position: number;
  recordedAt: Instant;
}

/** The events of reports that are known of, by position; at least the newest position. */
/** What replays told of: corrections and assessments, which the reports alone don't. */
export const heard = new Map<number, Instant>();
const hearings = signal(0);
export const hear = (): void => void (heard.size !== hearings.peek() && (hearings.value = heard.size));

export const events = computed((): readonly Event[] => {
  hearings.value;
  const found = new Map<number, Instant>(heard);
  for (const report of allReports.value) {
    found.set(report.filed.position, instant(report.filed.recorded_at));
    if (report.retracted) found.set(report.retracted.position, instant(report.retracted.recorded_at));
  }
  if (head.value && !found.has(head.value)) found.set(head.value, now());
  return [...found].map(([position, recordedAt]) => ({ position, recordedAt })).sort((a, b) => a.position - b.position);
});
