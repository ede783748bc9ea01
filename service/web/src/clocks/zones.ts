/** Local time in a zone, by what the browser knows of it. */
import type { Instant } from "./instants";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    const options = { timeZone: zone, hourCycle: "h23", era: "short" } as const;
    const numbers = {
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    } as const;
    found = new Intl.DateTimeFormat("en-US", { ...options, ...numbers });
    formats.set(zone, found);
  }
  return found;
}

/** How far local time in the zone is ahead of UTC at an instant, in microseconds. */
export function offset(at: Instant, zone: string): number {
  const seconds = Math.floor(at / 1e6);
  const parts = Object.fromEntries(
    format(zone)
      .formatToParts(seconds * 1e3)
      .map((part) => [part.type, part.value]),
  );
  const [year, month, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map((name) =>
    Number(parts[name]),
  );
  return (utc(year!, month!, day!, hour!, minute!, second!) / 1e6 - seconds) * 1e6;
}

/** The instant of a local time. One that a clock change leaves out is read with the offset before it. */
export function fromLocal(local: Instant, zone: string): Instant {
  const first = local - offset(local, zone);
  return local - offset(first, zone);
}

export function utc(year: number, month = 1, day = 1, hour = 0, minute = 0, second = 0): Instant {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime() * 1e3;
}

/** The zone of the browser. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
