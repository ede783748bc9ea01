/** What has been loaded: the registries, the reports as known, how far the log is. */
import { computed, signal } from "@preact/signals";

import { instant } from "~/clocks/instants";
import { get, Refusal } from "~/service/client";
import type { Force, Place, Problem, Report, Source, Times } from "~/service/shapes";
import { knownAt } from "./reader";

export const places = signal<readonly Place[]>([]);
export const forces = signal<readonly Force[]>([]);
export const sources = signal<readonly Source[]>([]);
/** The reports as known, the earliest happening first. */
export const reports = signal<readonly Report[]>([]);
/** Every report as known now: what the clocks' histograms count. */
export const allReports = signal<readonly Report[]>([]);
/** The newest position of the log. */
export const head = signal(0);
export const loading = signal(true);
export const failure = signal<Problem | null>(null);

export const placeById = computed(() => new Map(places.value.map((each) => [each.id, each])));
export const forceById = computed(() => new Map(forces.value.map((each) => [each.id, each])));
export const sourceById = computed(() => new Map(sources.value.map((each) => [each.id, each])));
export const reportById = computed(
  () => new Map([...allReports.value, ...reports.value].map((each) => [each.id, each])),
);
export const placeNumbers = computed(() => new Map(places.value.map((each, i) => [each.id, i])));

/** The position that answers are known at. */
export const known = computed(() => knownAt.value ?? head.value);

const windows = new WeakMap<Report, readonly [number, number]>();

/** When a report happened, from and to; read once. */
export function windowOf(report: Report): readonly [number, number] {
  let found = windows.get(report);
  if (!found) windows.set(report, (found = [instant(report.window.earliest), instant(report.window.latest)]));
  return found;
}

const PAGE = 1000;

/** Load the registries and every report. The registries are the newest: a place is shown from when it is known. */
export async function load(): Promise<void> {
  try {
    const [foundPlaces, foundForces, foundSources, found] = await Promise.all([
      get<{ places: Place[] } & Times>("v1/places"),
      get<{ forces: Force[] }>("v1/forces"),
      get<{ sources: Source[] }>("v1/sources"),
      readReports(null),
    ]);
    places.value = [...foundPlaces.places].sort((a, b) => (a.id < b.id ? -1 : 1));
    forces.value = foundForces.forces;
    sources.value = foundSources.sources;
    allReports.value = found;
    if (knownAt.value === null) reports.value = found;
    head.value = Math.max(head.value, foundPlaces.as_of_position);
    failure.value = null;
  } catch (error) {
    failure.value = error instanceof Refusal ? error.problem : { status: 0, title: "", detail: String(error) };
  } finally {
    loading.value = false;
  }
}

/** The reports as known at a position, the earliest happening first. */
export async function readReports(knownAt: number | null, signal?: AbortSignal): Promise<Report[]> {
  const found: Report[] = [];
  let cursor: string | null = null;
  do {
    const page: { reports: Report[]; next: string | null } = await get(
      "v1/reports",
      { known_at: knownAt, limit: PAGE, cursor },
      signal,
    );
    found.push(...page.reports);
    cursor = page.next;
  } while (cursor);
  return found.sort((a, b) => order(a) - order(b) || (a.id < b.id ? -1 : 1));
}

function order(report: Report): number {
  const [from, to] = windowOf(report);
  return Number.isFinite(from) ? from : to;
}
