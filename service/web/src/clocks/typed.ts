/** Dates as readers type them, also partial ones; each is read as its start. */
import { instant, type Instant } from "./instants";
import { fromLocal, utc } from "./zones";

const LOCAL = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]+(\d{1,2})(?::(\d\d)(?::(\d\d))?)?)?)?)?$/;

/** The instant that is meant, in the zone where it names none; undefined if it can't be read. */
export function typed(text: string, zone: string): Instant | undefined {
  const clean = western(text.trim());
  if (/Z$/i.test(clean)) return exact(clean.toUpperCase());
  const found = LOCAL.exec(clean);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1).map((part, i) => Number(part ?? (i < 3 ? 1 : 0)));
  const local = utc(year!, month!, day!, hour!, minute!, second!);
  const real = new Date(local / 1e3);
  const kept = real.getUTCFullYear() === year && real.getUTCMonth() + 1 === month && real.getUTCDate() === day;
  return kept && hour! < 24 && minute! < 60 && second! < 60 ? fromLocal(local, zone) : undefined;
}

function exact(text: string): Instant | undefined {
  try {
    const found = instant(text.replace(/^([^T]+T\d\d:\d\d)Z$/, "$1:00Z"));
    return Number.isFinite(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Arabic-Indic digits as western ones. */
export function western(text: string): string {
  return text.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
}
