/** The sheets that have been loaded, and what every place shows now, from whichever of them has it. */
import { computed, effect, signal } from "@preact/signals";

import { events, heard, hear } from "~/clocks/events";
import { instant, rfc3339 } from "~/clocks/instants";
import { head, known, listing, placeNumbers, places } from "~/known";
import { at, beside, bySide, type Lens, lens } from "~/reader";
import { address, ask, get, lines, Refusal } from "~/service/client";
import { tries, tryAgain } from "~/service/connection";
import type { Answer, Frame } from "~/service/shapes";
import { type Axis, BEFORE, Folding, type Sheet } from "./sheet";
import { ABSENT, States } from "./states";

/** How many sheets are kept; a sheet of 100,000 spans takes some 20 MB. */
const KEPT = 96;
/** Chronologies with no more changes of knowledge than this are loaded on both clocks. */
const AHEAD = 64;
/** With more events than this, knowledge is not replayed; the map is asked for where its clock rests. */
const FEW = 2000;

export const states = new States();
export const unavailable = signal(false);
export const stalled = signal(false);

const cache = new Map<string, Sheet>();
const points = new Map<string, Sheet>();
const asked = new Map<string, Promise<Sheet | null>>();
/** Counts the sheets that have come, so that what is shown is worked out again. */
const came = signal(0);

export interface Ask {
  axis: Axis;
  /** The other clock: a position for valid time, an instant for knowledge. */
  other: number;
  lens: Lens;
  bySide: boolean;
}

const name = ({ axis, other, lens, bySide }: Ask): string =>
  `${axis} ${axis === "valid" ? "" : head.value} ${other} ${lens} ${bySide}`;

effect(() => {
  placeNumbers.value; // another registry: every place may have another number
  cache.clear();
  points.clear();
});

/** A sheet if it is there. */
export function held(wanted: Ask): Sheet | undefined {
  came.value;
  return cache.get(name(wanted));
}

/** A sheet, loaded if need be; null where the service can't give it. */
export function sheet(wanted: Ask): Promise<Sheet | null> {
  const key = name(wanted);
  const found = cache.get(key);
  if (found) return Promise.resolve(found);
  let coming = asked.get(key);
  if (!coming) {
    coming = load(wanted, key).finally(() => asked.delete(key));
    asked.set(key, coming);
  }
  return coming;
}

async function load({ axis, other, lens, bySide }: Ask, key: string): Promise<Sheet | null> {
  const policy = { lens: lens === "default" ? null : lens, by: bySide ? "side" : null };
  const still = axis === "valid" ? { known_at: other } : { at: rfc3339(other), to: head.value };
  try {
    const answer = await ask(address("v1/replay", { axis, ...still, ...policy, evidence: 1 }));
    const folding = new Folding(axis, placeNumbers.value, states);
    for await (const frame of lines<Frame>(answer)) {
      folding.add(frame);
      if (frame.event?.type.startsWith("report-")) heard.set(frame.event.position, instant(frame.event.recorded_at));
    }
    const found = folding.finish();
    cache.set(key, found);
    if (cache.size > KEPT) cache.delete(cache.keys().next().value!);
    [unavailable.value, stalled.value] = [false, false];
    came.value++;
    hear();
    return found;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 404) unavailable.value = true;
    else {
      stalled.value = true;
      tryAgain();
    }
    return null;
  }
}

/** One look at the map of a large chronology, while its sheet is on its way. */
async function look({ other, lens, bySide }: Ask, instant: number): Promise<void> {
  const policy = { lens: lens === "default" ? null : lens, by: bySide ? "side" : null };
  try {
    const found = await get<{ places: Answer[] }>("v1/control", {
      at: rfc3339(instant),
      known_at: other,
      ...policy,
      evidence: 1,
    });
    const folding = new Folding("valid", placeNumbers.value, states);
    folding.add({ at: null, known_at: other, places: found.places });
    points.set(pointName(instant, other, lens, bySide), folding.finish());
    came.value++;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error; // the sheet, which is asked for too, says so
  }
}

const pointName = (instant: number, known: number, lens: Lens, bySide: boolean) =>
  `${instant} ${known} ${lens} ${bySide}`;
function point(lens: Lens): Sheet | undefined {
  came.value;
  return points.get(pointName(at.value, known.value, lens, bySide.value));
}

const wanted = computed((): Ask => ({ axis: "valid", other: known.value, lens: lens.value, bySide: bySide.value }));

/** The sheet of the world's clock at the present knowledge, if it is there. */
export const validSheet = computed(() => held(wanted.value));
/** The sheet of knowledge at the present instant, if it is there. */
export const knowledgeSheet = computed(() => held({ ...wanted.value, axis: "knowledge", other: at.value }));

let shown = new Uint32Array();

/** The number of what every place shows, in the order of the registry. */
export const current = computed(() => read(lens.value, true));

/** The same under another lens. */
export function read(by: Lens, keep = false): Uint32Array {
  const valid = held({ ...wanted.value, lens: by });
  const into = new Uint32Array(places.value.length).fill(ABSENT);
  if (valid) valid.read(at.value, into, BEFORE.valid);
  else {
    const knowledge = held({ ...wanted.value, lens: by, axis: "knowledge", other: at.value });
    if (knowledge) knowledge.read(known.value, into, BEFORE.knowledge);
    else if (point(by)) point(by)!.read(0, into, BEFORE.valid);
    else if (keep && shown.length === into.length) return shown; // not there yet: what was there stays
  }
  if (keep) shown = into;
  return into;
}

/** Whether what is shown is that of the clocks. */
export const settled = computed(() => !!validSheet.value || !!knowledgeSheet.value || !!point(lens.value));

/** Whether knowledge has too many events to be replayed; while the reports are still listed, the log's length tells. */
const many = computed(() => (listing.value ? head.value : events.value.length) > FEW);

/** Load what the clocks will need: first the sheet of now, then, when they rest, that of the other clock. */
export function follow(): () => void {
  let timer = 0;
  return effect(() => {
    const ask = wanted.value;
    const instant = at.value;
    tries.value;
    if (!head.value || !places.value.length) return;
    if (beside.value) void sheet({ ...ask, lens: beside.value });
    clearTimeout(timer);
    if (!validSheet.value) {
      timer = window.setTimeout(
        () => {
          if (many.peek() && !point(ask.lens)) void look(ask, instant);
          void sheet(ask);
        },
        knowledgeSheet.value || many.value ? 200 : 0,
      );
    } else if (!knowledgeSheet.value && !many.value && !listing.value)
      timer = window.setTimeout(() => void ahead({ ...ask, axis: "knowledge", other: instant }), 250);
  });
}

/** The other clock's sheet, and, where there are few changes of knowledge, the world's at each of them. */
async function ahead(ask: Ask): Promise<void> {
  const knowledge = await sheet(ask);
  if (!knowledge || knowledge.changes.length > AHEAD) return;
  for (const { position } of events.value.slice(-AHEAD)) await sheet({ ...ask, axis: "valid", other: position });
}
