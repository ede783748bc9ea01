/** Round times to write below a slider. */
import { DAY, HOUR, type Instant, MINUTE } from "./instants";
import { fromLocal, offset, utc } from "./zones";

const MOST = 7;
const STEPS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];
const MONTHS = [1, 3, 6, 12, 24, 60, 120, 600, 1200, 6000];

export interface Ticks {
  at: Instant[];
  /** What has to be said of each. */
  by: "time" | "day" | "month";
}

/** No more than seven between two instants, round by the clocks and the calendar of a zone. */
export function ticks(from: Instant, to: Instant, zone: string): Ticks {
  const step = STEPS.find((each) => (to - from) / each <= MOST);
  return step ? regular(from, to, zone, step) : monthly(from, to, zone);
}

function regular(from: Instant, to: Instant, zone: string, step: number): Ticks {
  const local = from + offset(from, zone);
  const found: Instant[] = [];
  for (let next = Math.ceil(local / step) * step; ; next += step) {
    const at = fromLocal(next, zone);
    if (at > to) break;
    if (at >= from) found.push(at);
  }
  return { at: found, by: step < DAY ? "time" : "day" };
}

function monthly(from: Instant, to: Instant, zone: string): Ticks {
  const months = MONTHS.find((each) => (to - from) / (each * 30 * DAY) <= MOST) ?? MONTHS.at(-1)!;
  const start = new Date((from + offset(from, zone)) / 1e3);
  const first = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  const found: Instant[] = [];
  for (let month = first; ; month += months) {
    const at = fromLocal(utc(Math.floor(month / 12), (month % 12) + 1), zone);
    if (at > to) break;
    if (at >= from) found.push(at);
  }
  return { at: found, by: "month" };
}
