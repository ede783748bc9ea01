/** Sending a change, and what came of it: done, refused, or overtaken by somebody else's change. */
import { head, loadAgain, loadRegistries } from "~/known";
import { get, post, Refusal } from "~/service/client";
import type { Answer, Problem, Report } from "~/service/shapes";

export interface Receipt {
  id: string;
  version: number;
  position: number;
}

export interface DryRun {
  changes: { place: string; at: string | null; from: Answer; to: Answer }[];
  contradicts?: string[];
  repeats?: string[];
}

export interface Outcome<T> {
  done?: T;
  problem?: Problem;
  /** What the report says now, where it is another than the one that was read. */
  theirs?: Report;
}

/** Send a change. `of` is the report and the version that it is a change of. */
export async function send(
  path: string,
  body: unknown,
  of: { id: string; version: number } | null,
  key?: string,
): Promise<Outcome<Receipt>> {
  const outcome = await tell<Receipt>(path, body, of, key);
  if (outcome.done) void seeIt(path, outcome.done);
  return outcome;
}

/** Load what was changed: the feed tells of it too, where there is one. */
async function seeIt(path: string, { id, position }: Receipt): Promise<void> {
  await (path.startsWith("v1/reports") ? loadAgain([id]) : loadRegistries());
  head.value = Math.max(head.peek(), position);
}

/** Ask what a change would do; nothing is kept. */
export function tryOut(
  path: string,
  body: unknown,
  of: { id: string; version: number } | null,
): Promise<Outcome<DryRun>> {
  return tell<DryRun>(`${path}?dry_run=true`, body, of);
}

async function tell<T>(
  path: string,
  body: unknown,
  of: { id: string; version: number } | null,
  key?: string,
): Promise<Outcome<T>> {
  const headers: Record<string, string> = {};
  if (of) headers["If-Match"] = `"${of.version}"`;
  if (key) headers["Idempotency-Key"] = key;
  try {
    return { done: await post<T>(path, body, headers) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const overtaken = of && (error.status === 412 || error.status === 409);
    return { problem: error.problem, theirs: overtaken ? await newest(of.id) : undefined };
  }
}

async function newest(id: string): Promise<Report | undefined> {
  try {
    return await get<Report>(`v1/reports/${encodeURIComponent(id)}`);
  } catch {
    return undefined;
  }
}
