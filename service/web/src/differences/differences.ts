/** What is different between two settings of one clock, as the service tells it. */
import { computed, effect, signal } from "@preact/signals";

import { instant, rfc3339 } from "~/clocks/instants";
import type { DryRun } from "~/editing/sending";
import { known } from "~/known";
import { at, beside, bySide, embedded, lens, panel, policy, since } from "~/reader";
import { address, ask, type Query, Refusal } from "~/service/client";
import { tries, tryAgain } from "~/service/connection";
import type { State } from "~/spans/states";
import type { Answer, Problem } from "~/service/shapes";

export interface Change {
  place: string;
  before: Answer | null;
  after: Answer | null;
  /** Reports, or events of the log. */
  because: string[];
}

export const changes = signal<readonly Change[] | null>(null);
/** Why it is not known what is different. */
export const problem = signal<Problem | null>(null);

/** The places that the map rings: what is different, where differences are looked at. */
export const different = computed<ReadonlySet<string>>(() => {
  const looked = effectOf.value ?? (panel.value === "differences" || embedded.value ? changes.value : null);
  return new Set((looked ?? []).map((each) => each.place));
});

/** What a dry run says would change; while it is set, the map rings it in place of the differences. */
export const effectOf = signal<DryRun["changes"] | null>(null);

/** What places would show at the instant of the world's clock, where the dry run tells of that instant. */
export const supposed = computed<ReadonlyMap<string, State>>(() => {
  const here = (effectOf.value ?? []).filter((each) => instant(each.at) === at.value);
  return new Map(here.map((each) => [each.place, each.to]));
});

/** Keep the differences in step with the clocks. */
export function followDifferences(): () => void {
  let timer = 0;
  let stop = new AbortController();
  return effect(() => {
    const wanted = differencesAt({ evidence: 20 });
    tries.value;
    clearTimeout(timer);
    if (!wanted) {
      changes.value = null;
      return;
    }
    timer = window.setTimeout(() => {
      stop.abort();
      stop = new AbortController();
      void load(wanted, stop.signal);
    }, 120);
  });
}

/** The call that tells the differences, with more beside; null if none are wanted. */
export function differencesAt(more: Query): string | null {
  const query = { ...policy.value, ...more };
  if (beside.value) {
    const lenses = new URLSearchParams([
      ["lens", lens.value],
      ["lens", beside.value],
    ]);
    const rest = { at: rfc3339(at.value), known_at: known.value, by: bySide.value ? "side" : null, ...more };
    return `v1/control/compare?${lenses}&${address("", rest).slice(1)}`;
  }
  const from = since.value;
  if (!from) return null;
  if (from.axis === "valid") {
    const [first, last] = [Math.min(from.from, at.value), Math.max(from.from, at.value)];
    return address("v1/control/changes", { from: rfc3339(first), to: rfc3339(last), known_at: known.value, ...query });
  }
  const [first, last] = [Math.min(from.from, known.value), Math.max(from.from, known.value)];
  return address("v1/knowledge/changes", { from: first, to: last, at: rfc3339(at.value), ...query });
}

interface Told {
  changes?: {
    place: string;
    before: Answer | null;
    after: Answer | null;
    reports?: string[];
    events?: { id: string }[];
  }[];
  places?: { place: string; answers: Record<string, Answer> }[];
}

async function load(path: string, signal: AbortSignal): Promise<void> {
  try {
    const told = (await (await ask(path, { signal })).json()) as Told;
    const compared = (told.places ?? []).map(({ place, answers }) => ({
      place,
      before: answers[lens.peek()] ?? null,
      after: answers[beside.peek() ?? ""] ?? null,
      because: [],
    }));
    const changed = (told.changes ?? []).map(({ place, before, after, reports, events }) => ({
      place,
      before,
      after,
      because: [...new Set(reports ?? events?.map((each) => each.id) ?? [])],
    }));
    changes.value = [...changed, ...compared];
    problem.value = null;
  } catch (error) {
    if (!(error instanceof Refusal)) return; // another question was asked meanwhile
    [problem.value, changes.value] = [error.problem, null];
    if (error.status === 0 || error.status === 503) tryAgain();
  }
}
