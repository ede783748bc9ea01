/** Finding the report that is meant, by words of it or by its id. */
import { signal } from "@preact/signals";

import { query } from "~/chronology/matching";
import { briefById } from "~/known";
import { get, Refusal } from "~/service/client";
import type { Report } from "~/service/shapes";

export const reportsFound = signal<readonly Report[]>([]);

const REST = 200;
const MOST = 20;
let timer = 0;
let last = "";

/** Look for reports with these words, or with this id. */
export function findReports(text: string): void {
  last = text;
  clearTimeout(timer);
  timer = window.setTimeout(() => void find(text.trim()), REST);
}

async function find(text: string): Promise<void> {
  const q = query(text);
  const asked = briefById.peek().has(text) ? { ids: text } : q ? { q, limit: MOST } : null;
  if (!asked) return;
  try {
    const found = (await get<{ reports: Report[] }>("v1/reports", asked)).reports;
    if (last.trim() === text) reportsFound.value = found;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error; // what was found before stays
  }
}
