/** What has been loaded: the registries, the reports in brief as known, how far the log is. */
import { computed, signal } from "@preact/signals";

import { instant } from "~/clocks/instants";
import { address, ask, get, lines, type Query, Refusal } from "~/service/client";
import type { Brief, Force, Place, Problem, Source, Times } from "~/service/shapes";
import { knownAt } from "./reader";

export const places = signal<readonly Place[]>([]);
export const forces = signal<readonly Force[]>([]);
export const sources = signal<readonly Source[]>([]);
/** The reports as known, the earliest happening first. */
export const reports = signal<readonly Brief[]>([]);
/** Every report as known now: what the clocks' histograms count. */
export const allReports = signal<readonly Brief[]>([]);
/** The newest position of the log. */
export const head = signal(0);
export const loading = signal(true);
/** Whether the reports are still coming: of very many, the map is there before them. */
export const listing = signal(true);
export const failure = signal<Problem | null>(null);

export const placeById = computed(() => new Map(places.value.map((each) => [each.id, each])));
export const forceById = computed(() => new Map(forces.value.map((each) => [each.id, each])));
export const sourceById = computed(() => new Map(sources.value.map((each) => [each.id, each])));
export const placeNumbers = computed(() => new Map(places.value.map((each, i) => [each.id, i])));
/** The reports as known, by id. */
export const briefById = computed(() => new Map(reports.value.map((each) => [each.id, each])));

/** The position that answers are known at. */
export const known = computed(() => knownAt.value ?? head.value);

const windows = new WeakMap<Brief, readonly [number, number]>();

/** When a report happened, from and to; read once. */
export function windowOf(report: Brief): readonly [number, number] {
  let found = windows.get(report);
  if (!found) windows.set(report, (found = [instant(report.window.earliest), instant(report.window.latest)]));
  return found;
}

/** Load all anew. */
export async function load(): Promise<void> {
  await Promise.all([loadRegistries(), loadReports()]);
}

/** The registries are the newest: a place is shown from when it is known. */
export async function loadRegistries(): Promise<void> {
  await trying(async () => {
    const [foundPlaces, foundForces, foundSources] = await Promise.all([
      get<{ places: Place[] } & Times>("v1/places"),
      get<{ forces: Force[] }>("v1/forces"),
      get<{ sources: Source[] }>("v1/sources"),
    ]);
    places.value = [...foundPlaces.places].sort((a, b) => (a.id < b.id ? -1 : 1));
    forces.value = foundForces.forces;
    sources.value = foundSources.sources;
    head.value = Math.max(head.value, foundPlaces.as_of_position);
    failure.value = null;
  });
  loading.value = false;
}

export async function loadReports(): Promise<void> {
  await trying(async () => {
    listed(await readReports({}));
  });
  listing.value = false;
}

/** Read again those that something happened to; the others are as they were. */
export async function loadAgain(ids: readonly string[]): Promise<void> {
  await trying(async () => {
    const changed = await named(ids, null);
    const again = new Set(ids);
    const others = allReports.peek().filter((each) => !again.has(each.id));
    listed([...others, ...changed]);
  });
}

function listed(found: Brief[]): void {
  allReports.value = found.sort(byTime);
  if (knownAt.peek() === null) reports.value = allReports.value;
}

async function trying(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failure.value = error instanceof Refusal ? error.problem : { status: 0, title: "", detail: String(error) };
  }
}

/** Every report that fits, in brief, as they come. */
export async function readReports(query: Query, signal?: AbortSignal): Promise<Brief[]> {
  const path = address("v1/reports", { ...query, brief: "true", format: "ndjson" });
  const found: Brief[] = [];
  for await (const each of lines<Brief>(await ask(path, { signal: signal ?? null }))) found.push(each);
  return found;
}

/** How many are asked for by their ids at once. */
const MANY = 100;

/** Those of these ids, in brief, as known at a position (null: the newest). */
export async function named(ids: readonly string[], knownAt: number | null, signal?: AbortSignal): Promise<Brief[]> {
  const found: Brief[] = [];
  for (let i = 0; i < ids.length; i += MANY)
    found.push(...(await readReports({ ids: ids.slice(i, i + MANY).join(), known_at: knownAt }, signal)));
  return found;
}

/** The reports as they were known at a position: only those that something happened to since are asked for. */
export async function reportsAt(position: number, signal: AbortSignal): Promise<readonly Brief[]> {
  const filed = allReports.peek().filter((each) => each.filed.position <= position);
  const changed = filed.filter((each) => each.version > 1).map((each) => each.id);
  if (!changed.length) return filed;
  const then = new Map((await named(changed, position, signal)).map((each) => [each.id, each]));
  return filed.map((each) => then.get(each.id) ?? each).sort(byTime);
}

const byTime = (a: Brief, b: Brief): number => order(a) - order(b) || (a.id < b.id ? -1 : 1);

function order(report: Brief): number {
  const [from, to] = windowOf(report);
  return Number.isFinite(from) ? from : to;
}
