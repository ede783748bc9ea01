/** Which reports the reader's filters leave. */
import { computed } from "@preact/signals";

import { forceById, placeById, reports, sourceById } from "~/known";
import { sideOf } from "~/map/colours";
import { narrow, words } from "~/reader";
import type { Report } from "~/service/shapes";
import { placesOf } from "./going";

export const matching = computed(() => {
  const { place, force, source, kind } = narrow.value;
  const wanted = fold(words.value).split(/\s+/).filter(Boolean);
  return reports.value.filter(
    (report) =>
      (!kind || report.claims.some((claim) => claim.kind === kind)) &&
      (!source || report.sources.some((each) => each.source === source || each.origin === source)) &&
      (!place || placesOf(report).some((id) => inside(id, place))) &&
      (!force || forcesOf(report).some((id) => id === force || sideOf.value(id) === force)) &&
      wanted.every((word) => textOf(report).includes(word)),
  );
});

const texts = new WeakMap<Report, string>();

/** Everything that can be found by words: the text, the names of what it is about, its sources. */
function textOf(report: Report): string {
  let found = texts.get(report);
  if (found === undefined) {
    const names = [
      ...placesOf(report).flatMap((id) => all(placeById.value.get(id))),
      ...forcesOf(report).flatMap((id) => all(forceById.value.get(id))),
    ];
    const said = report.sources.flatMap((each) => [
      sourceById.value.get(each.source)?.name ?? each.source,
      each.citation ?? "",
    ]);
    found = fold([report.id, report.text, ...names, ...said].join(" "));
    texts.set(report, found);
  }
  return found;
}

const all = (entry: { name: string; aliases: string[] } | undefined): string[] =>
  entry ? [entry.name, ...entry.aliases] : [];

/** Without case, accents and the marks of transliteration. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f\u064b-\u065f'’‘ʿʾ`]/g, "")
    .toLowerCase();
}

function inside(id: string, around: string): boolean {
  const seen = new Set<string>();
  for (let next: string | null = id; next && !seen.has(next); next = placeById.value.get(next)?.parent ?? null) {
    if (next === around) return true;
    seen.add(next);
  }
  return false;
}

export function forcesOf(report: Report): string[] {
  const fields = ["forces", "by", "against", "parties", "alongside", "force", "of"];
  const named = report.claims.flatMap((claim) =>
    fields.flatMap((field) => claim[field] as string | string[] | undefined),
  );
  return [...new Set(named.filter((each): each is string => typeof each === "string"))];
}
