/** The answers that the panel tells, asked when the clocks rest. */
import { computed, effect, signal } from "@preact/signals";

import { rfc3339 } from "~/clocks/instants";
import { head, known } from "~/known";
import { at, type Lens, LENSES, place, policy } from "~/reader";
import { get, Refusal } from "~/service/client";
import { tries, tryAgain } from "~/service/connection";
import { keep } from "~/chronology/wholes";
import type { Answer, Problem, Report, Segment } from "~/service/shapes";

export const answer = signal<Answer | null>(null);
export const segments = signal<readonly Segment[]>([]);
export const byLens = signal<Partial<Record<Lens, Answer>>>({});
export const problem = signal<Problem | null>(null);
/** The reports that may be changing it. */
export const pending = signal<readonly string[]>([]);
/** Whether the answer is that of the clocks as they stand. */
export const fresh = signal(false);

const question = computed(() => ({
  id: place.value,
  at: rfc3339(at.value),
  known_at: known.value,
  ...policy.value,
  head: head.value,
}));

const REST = 130;

/** Keep the answers in step with the clocks. */
export function followAnswers(): () => void {
  let timer = 0;
  let stop = new AbortController();
  let timelineOf = "";
  return effect(() => {
    const { id, head, ...query } = question.value;
    tries.value;
    clearTimeout(timer);
    stop.abort();
    fresh.value = false;
    if (!id || !head) {
      answer.value = null;
      return;
    }
    if (answer.peek()?.place !== id) [answer.value, segments.value, byLens.value, timelineOf] = [null, [], {}, ""];
    timer = window.setTimeout(
      () => {
        stop = new AbortController();
        const line = `${id} ${query.known_at} ${query.lens} ${query.by}`;
        void load(id, query, stop.signal, line !== timelineOf).then((done) => done && (timelineOf = line));
      },
      answer.peek() ? REST : 0,
    );
  });
}

type Asked = { at: string; known_at: number; lens: string | null; by: string | null };

async function load(id: string, query: Asked, signal: AbortSignal, withTimeline: boolean): Promise<boolean> {
  try {
    const path = `v1/places/${encodeURIComponent(id)}`;
    const [found, timeline, ...lenses] = await Promise.all([
      get<Answer>(`${path}/control`, query, signal),
      withTimeline ? get<{ segments: Segment[] }>(`${path}/timeline`, query, signal) : null,
      ...LENSES.map((lens) => get<Answer>(`${path}/control`, { ...query, lens }, signal)),
    ]);
    pending.value = found.status === "changing" ? await readPending(found, query.known_at, signal) : [];
    answer.value = found;
    if (timeline) segments.value = timeline.segments;
    byLens.value = Object.fromEntries(LENSES.map((lens, i) => [lens, lenses[i]]));
    [problem.value, fresh.value] = [null, true];
    return true;
  } catch (error) {
    if (error instanceof Refusal) {
      [problem.value, answer.value] = [error.problem, null];
      if (error.status === 0 || error.status === 503) tryAgain();
    }
    return false;
  }
}

/** The reports about a place that may be changing it: a claim's window is open at the instant. */
async function readPending(answer: Answer, knownAt: number, signal: AbortSignal): Promise<string[]> {
  const about = [answer.inherited_from ?? answer.place, answer.place];
  const { earliest, latest } = answer.since ?? { earliest: null, latest: null };
  const query = { kind: "control", known_at: knownAt, from: earliest, to: latest, limit: 1000 };
  const pages = await Promise.all(
    [...new Set(about)].map((place) => get<{ reports: Report[] }>("v1/reports", { ...query, place }, signal)),
  );
  const found = pages.flatMap((page) => page.reports);
  keep(found);
  const changing = found.filter(
    (report) =>
      !report.retracted &&
      !answer.unconfirmed.includes(report.id) &&
      report.claims.some((claim) => {
        const window = claim.window ?? report.window;
        const inside = claim.kind === "control" && about.includes(claim["place"] as string);
        const ended = latest !== null && window.latest <= latest;
        return inside && ended && (earliest === null || (window.earliest ?? "") >= earliest);
      }),
  );
  return [...new Set(changing.map((report) => report.id))].reverse(); // the first filed first
}
