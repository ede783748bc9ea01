/** What is being said of reports, kept by their ids: a card can move to another list while somebody types in it. */
import { type Signal, signal } from "@preact/signals";

import type { Credibility, Report } from "~/service/shapes";
import type { Outcome, Receipt } from "./sending";

export interface Judgement {
  what: "assess" | "retract";
  /** The version that was read when this was opened: what comes later is somebody else's. */
  read: number;
  reason: Signal<string>;
  grade: Signal<Credibility>;
  told: Signal<Outcome<Receipt> | null>;
}

const judgements = signal<ReadonlyMap<string, Judgement>>(new Map());

export const judgementOf = (report: Report): Judgement | null => judgements.value.get(report.id) ?? null;

/** Open the form for that, or close it where it is open. */
export function toggle(report: Report, what: Judgement["what"]): void {
  const kept = new Map(judgements.value);
  if (kept.get(report.id)?.what === what) kept.delete(report.id);
  else
    kept.set(report.id, {
      what,
      read: report.version,
      reason: signal(""),
      grade: signal(report.credibility),
      told: signal(null),
    });
  judgements.value = kept;
}
