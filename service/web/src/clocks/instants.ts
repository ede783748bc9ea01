/** Instants as the page keeps them: microseconds since 1970 in UTC, exact between 1685 and 2255; open ends are infinite. */

export type Instant = number;

export const SECOND = 1e6;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/;

/** Read what the API writes; null is an open start. Throws on anything else. */
export function instant(text: string | null, open: Instant = -Infinity): Instant {
  if (text === null) return open;
  const found = RFC3339.exec(text);
  if (!found) throw new RangeError(`no instant: ${text}`);
  return Date.parse(`${found[1]}Z`) * 1e3 + Number((found[2] ?? "").padEnd(6, "0"));
}

/** RFC 3339 in UTC, as the API takes it. */
export function rfc3339(at: Instant): string {
  const micros = ((at % SECOND) + SECOND) % SECOND;
  const whole = new Date((at - micros) / 1e3).toISOString().slice(0, 19);
  return micros ? `${whole}.${String(micros).padStart(6, "0").replace(/0+$/, "")}Z` : `${whole}Z`;
}

export const now = (): Instant => Date.now() * 1e3;
