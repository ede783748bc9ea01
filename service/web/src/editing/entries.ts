/** The registries as the form offers them. */
import { computed } from "@preact/signals";

import { forces, places, sources } from "~/known";
import { reportsFound } from "./finding";
import { nameOf } from "~/map/names";
import { say } from "~/words/words";
import type { Entry } from "./chooser";

const entry = (each: { id: string; name: string; aliases: string[] }): Entry => ({
  id: each.id,
  name: nameOf(each as never),
  names: [each.name, ...each.aliases],
});

export const placeEntries = computed(() => places.value.map(entry));
export const forceEntries = computed(() => forces.value.map(entry));
export const sourceEntries = computed((): Entry[] =>
  sources.value.map(({ id, name }) => ({ id, name, names: [name] })),
);
/** Reports are too many to be offered all: those are that the words typed find. */
export const reportEntries = computed((): Entry[] =>
  reportsFound.value.map(({ id, text }) => ({ id, name: `${id}: ${text.slice(0, 60)}`, names: [text, id] })),
);
export const ofEntries = computed((): Entry[] => [
  { id: "civilians", name: say("v_civilians"), names: ["civilians", say("v_civilians")] },
  ...forceEntries.value,
]);
export const byEntries = computed((): Entry[] => [...forceEntries.value, ...sourceEntries.value]);
export const kindWord = (kind: string): string => say(`k_${kind}` as "k_control");
