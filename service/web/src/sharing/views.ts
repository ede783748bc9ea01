/** The calls of the API that give what is seen, for other programs. */
import { computed } from "@preact/signals";

import { rfc3339 } from "~/clocks/instants";
import { differencesAt } from "~/differences/differences";
import { known } from "~/known";
import { sides } from "~/map/legend";
import { at, narrow, place, policy, words } from "~/reader";
import { address } from "~/service/client";
import { forceName } from "~/why/sentence";
import { say } from "~/words/words";

/** What the API writes every view in, and how it calls that in an address. */
export const FORMS = { JSON: "json", GeoJSON: "geojson", CSV: "csv" } as const;
export type Form = keyof typeof FORMS;

export interface View {
  name: string;
  path: string;
}

/** A plain link to a view in one of its forms. */
export const linkTo = (path: string, form: Form): string =>
  form === "JSON" ? path : `${path}${path.includes("?") ? "&" : "?"}format=${FORMS[form]}`;

const asked = computed(() => ({ at: rfc3339(at.value), known_at: known.value, ...policy.value }));

export const mapView = computed((): View => ({ name: say("map"), path: address("v1/control", asked.value) }));

export const whyViews = computed((): View[] => {
  if (!place.value) return [];
  const path = `v1/places/${encodeURIComponent(place.value)}`;
  return [
    { name: say("why"), path: address(`${path}/control`, asked.value) },
    { name: say("timeline"), path: address(`${path}/timeline`, asked.value) },
  ];
});

export const reportsView = computed((): View => {
  const query = { known_at: known.value, ...narrow.value, q: words.value, limit: 1000 };
  return { name: say("reports"), path: address("v1/reports", query) };
});

export const differencesViews = computed((): View[] => {
  const path = differencesAt({});
  return path ? [{ name: say("differences"), path }] : [];
});

/** What each side holds. */
export const holdingsViews = computed((): View[] =>
  sides.value.map((side) => ({
    name: `${say("holdings")}: ${forceName(side)}`,
    path: address(`v1/forces/${encodeURIComponent(side)}/holdings`, asked.value),
  })),
);

/** Every view that is open, and those that can be. */
export const views = computed((): View[] => [
  mapView.value,
  ...whyViews.value,
  reportsView.value,
  ...differencesViews.value,
  ...holdingsViews.value,
]);
