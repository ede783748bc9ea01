/** The places as the map draws them, and which of them are to be seen. */
import { computed } from "@preact/signals";

import { placeById, places } from "~/known";
import { hidden, narrow } from "~/reader";
import { forces, holders, type State } from "~/spans/states";
import { sideOf } from "./colours";
import { rank } from "./labels";
import { spots } from "./spots";

export const allSpots = computed(() => spots(places.value));
export const spotById = computed(() => new Map(allSpots.value.map((each) => [each.place.id, each])));
export const spotNumbers = computed(() => new Map(allSpots.value.map((each, i) => [each, i])));
/** The most important first: the order in which they are named. */
export const ranked = computed(() => [...allSpots.value].sort((a, b) => rank(a) - rank(b)));

/** Under what a state is counted and filtered in the legend. */
export function holderKeys(state: State): string[] {
  return [...new Set(holders(state).map((id) => sideOf.value(id)))];
}

/** Whether the legend's switches and the filters leave a state and a place to be seen. */
export const visible = computed(() => {
  const below = narrowed.value;
  const shown = visibleState.value;
  return (id: string, state: State): boolean => shown(state) && (!below || below.has(id));
});

/** What is below the place that is looked at; null if it is all. */
export const narrowed = computed(() => (narrow.value.place ? under(narrow.value.place) : null));

/** Whether the legend's switches and the filters leave a state to be seen, worked out once for each. */
export const visibleState = computed(() => {
  const off = hidden.value;
  const { force } = narrow.value;
  const side = sideOf.value;
  const known = new Map<State, boolean>();
  const work = (state: State): boolean => {
    const keys = holderKeys(state);
    if (off.has(state.status) || (keys.length && keys.every((key) => off.has(`force:${key}`)))) return false;
    return !force || forces(state).some((each) => each === force || side(each) === force);
  };
  return (state: State): boolean => {
    let found = known.get(state);
    if (found === undefined) known.set(state, (found = work(state)));
    return found;
  };
});

/** A place and everything below it in the registry. */
function under(id: string): Set<string> {
  const found = new Set([id]);
  for (const place of places.value) {
    const chain: string[] = [];
    for (
      let next: string | null = place.id;
      next && !chain.includes(next);
      next = placeById.value.get(next)?.parent ?? null
    ) {
      chain.push(next);
      if (found.has(next)) {
        chain.forEach((each) => found.add(each));
        break;
      }
    }
  }
  return found;
}
