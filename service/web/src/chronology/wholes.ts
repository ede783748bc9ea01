/** The reports whole, texts and all, fetched when they are to be read: as many at once as are wanted at once. */
import { effect, signal } from "@preact/signals";

import { briefById, known } from "~/known";
import { get, Refusal } from "~/service/client";
import { connection } from "~/service/connection";
import type { Brief, Report } from "~/service/shapes";

/** How many are kept, and how many are asked for at once. */
const KEPT = 3000;
const MANY = 100;

/** By id and version: what a version says never changes. */
const kept = new Map<string, Report>();
const wanted = new Map<string, Brief>();
const came = signal(0);
let timer = 0;

const key = ({ id, version }: { id: string; version: number }): string => `${id}/${version}`;

/** A report whole, once it is there; until then it is asked for. */
export function whole(brief: Brief): Report | undefined {
  came.value;
  const found = kept.get(key(brief));
  if (!found && !wanted.has(key(brief))) {
    wanted.set(key(brief), brief);
    if (!timer) timer = window.setTimeout(() => void fetchWanted());
  }
  return found;
}

/** The same by id, as known; undefined also for one that is not known. */
export function wholeById(id: string): Report | undefined {
  const brief = briefById.value.get(id);
  return brief && whole(brief);
}

/** Keep what was read on another way. */
export function keep(reports: readonly Report[]): void {
  for (const each of reports) kept.set(key(each), each);
  for (const old of kept.keys()) if (kept.size > KEPT) kept.delete(old);
}

/** Read these anew: something happened to them. */
export function forget(ids: readonly string[]): void {
  const gone = new Set(ids);
  for (const each of kept.keys()) if (gone.has(each.slice(0, each.lastIndexOf("/")))) kept.delete(each);
  came.value++;
}

async function fetchWanted(): Promise<void> {
  const asked = [...wanted.values()].slice(0, MANY);
  if (asked.length) {
    const ids = asked.map((each) => each.id).join();
    try {
      keep((await get<{ reports: Report[] }>("v1/reports", { ids, known_at: known.peek() || null })).reports);
      asked.forEach((each) => wanted.delete(key(each)));
      came.value++;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      timer = 0; // what is wanted stays so, and is asked for when the service is there again
      return;
    }
  }
  timer = wanted.size ? window.setTimeout(() => void fetchWanted()) : 0;
}

effect(() => {
  if (connection.value === "live" && wanted.size && !timer) timer = window.setTimeout(() => void fetchWanted());
});
