/** The calls of the API that give what is seen, for other programs. */
import { computed } from "@preact/signals";

import { rfc3339 } from "~/clocks/instants";
import { known } from "~/known";
import { at, narrow, panel, place, policy, since, words } from "~/reader";
import { address } from "~/service/client";
import { say } from "~/words/words";

export type Form = "JSON" | "GeoJSON" | "CSV";

export interface View {
  name: () => string;
  path: string;
  forms: readonly Form[];
}

export const views = computed((): View[] => {
  const times = { at: rfc3339(at.value), known_at: known.value };
  const found: View[] = [
    {
      name: () => say("map"),
      path: address("v1/control", { ...times, ...policy.value }),
      forms: ["JSON", "GeoJSON", "CSV"],
    },
  ];
  const id = place.value;
  if (id) {
    const path = `v1/places/${encodeURIComponent(id)}`;
    found.push({
      name: () => say("why"),
      path: address(`${path}/control`, { ...times, ...policy.value }),
      forms: ["JSON"],
    });
    found.push({
      name: () => say("timeline"),
      path: address(`${path}/timeline`, { ...times, ...policy.value }),
      forms: ["JSON"],
    });
  }
  const { place: around, force, source, kind } = narrow.value;
  const query = { known_at: known.value, place: around, force, source, kind, q: words.value, limit: 1000 };
  found.push({ name: () => say("reports"), path: address("v1/reports", query), forms: ["JSON"] });
  if (panel.value === "differences" && since.value) {
    const from = since.value;
    const path =
      from.axis === "valid"
        ? address("v1/control/changes", {
            from: rfc3339(Math.min(from.from, at.value)),
            to: rfc3339(Math.max(from.from, at.value)),
            known_at: known.value,
            ...policy.value,
          })
        : address("v1/knowledge/changes", {
            from: Math.min(from.from, known.value),
            to: Math.max(from.from, known.value),
            at: times.at,
            ...policy.value,
          });
    found.push({ name: () => say("differences"), path, forms: ["JSON"] });
  }
  return found;
});
