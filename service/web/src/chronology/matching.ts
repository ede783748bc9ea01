/** Which reports the reader's filters leave: the service finds them, whatever the accents. */
import { computed, effect, signal } from "@preact/signals";

import { known, readReports, reports } from "~/known";
import { narrow, words } from "~/reader";
import { Refusal } from "~/service/client";
import type { Brief, Problem } from "~/service/shapes";

/** The ids that were found; null where nothing is filtered. */
const found = signal<ReadonlySet<string> | null>(null);
export const searching = signal(false);
export const refused = signal<Problem | null>(null);

/** The reports that are left, the earliest happening first. */
export const matching = computed((): readonly Brief[] => {
  const ids = found.value;
  return ids ? reports.value.filter((each) => ids.has(each.id)) : reports.value;
});

/** As the service takes it: what is being typed may be the beginning of a word. */
export function query(text: string): string {
  const clean = text.trim();
  if (!/[\p{L}\p{N}]/u.test(clean)) return "";
  return /[\p{L}\p{N}]{2}$/u.test(text) && !text.includes('"') ? `${clean}*` : clean;
}

const REST = 200;

/** Keep what is found in step with the filters and with what is known. */
export function followFilters(): () => void {
  let timer = 0;
  let stop = new AbortController();
  return effect(() => {
    const asked = { ...narrow.value, q: query(words.value), known_at: known.value };
    reports.value; // also when something was filed or changed
    clearTimeout(timer);
    stop.abort();
    if (!asked.place && !asked.force && !asked.source && !asked.kind && !asked.q) {
      [found.value, searching.value, refused.value] = [null, false, null];
      return;
    }
    searching.value = true;
    timer = window.setTimeout(() => {
      stop = new AbortController();
      void search(asked, stop.signal);
    }, REST);
  });
}

async function search(asked: Record<string, string | number>, signal: AbortSignal): Promise<void> {
  try {
    found.value = new Set((await readReports(asked, signal)).map((each) => each.id));
    [searching.value, refused.value] = [false, null];
  } catch (error) {
    if (!(error instanceof Refusal)) return; // another was begun
    [found.value, searching.value, refused.value] = [new Set(), false, error.problem];
  }
}
