/** Where the clocks can stop: the changes of the world, the events of knowledge. */
import { computed, effect } from "@preact/signals";

import { allReports, known, windowOf } from "~/known";
import { at, period } from "~/reader";
import { validSheet } from "~/spans/sheets";
import { events } from "./events";
import { DAY, type Instant, now } from "./instants";

/** All the time that reports speak of, with a margin. */
export const extent = computed((): { from: Instant; to: Instant } => {
  let [from, to] = [Infinity, -Infinity];
  for (const report of allReports.value) {
    const [earliest, latest] = windowOf(report);
    from = Math.min(from, Number.isFinite(earliest) ? earliest : latest);
    to = Math.max(to, latest);
  }
  if (from > to) return { from: now() - 30 * DAY, to: now() };
  const margin = Math.max(DAY / 2, (to - from) * 0.05);
  return { from: from - margin, to: to + margin };
});

/** What the world's slider covers. */
export const shownPeriod = computed(() => period.value ?? extent.value);

/** A period that was narrowed goes with the clock where that leaves it: the slider always shows where it stands. */
effect(() => {
  const narrowed = period.value;
  if (!narrowed || (at.value >= narrowed.from && at.value <= narrowed.to)) return;
  const half = (narrowed.to - narrowed.from) / 2;
  period.value = { from: at.value - half, to: at.value + half };
});

/** The next change of the world after an instant, or the last one before it. */
export function nextChange(from: Instant, direction: 1 | -1): Instant | undefined {
  const changes = validSheet.value?.changes ?? NONE;
  const found = direction > 0 ? changes[after(changes, from)] : changes[after(changes, from, true) - 1];
  return found !== undefined && Number.isFinite(found) ? found : undefined;
}

const NONE = new Float64Array();

/** The index of the first that is later; with `or`, of the first that is not earlier. */
function after(changes: Float64Array, than: Instant, or = false): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = changes[middle]!;
    if (at < than || (at === than && !or)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The next event of knowledge after the present one, or the last before it; 0 is knowing nothing. */
export function nextEvent(direction: 1 | -1): number | undefined {
  const positions = [0, ...events.value.map((each) => each.position)];
  return direction > 0
    ? positions.find((each) => each > known.value)
    : positions.findLast((each) => each < known.value);
}
