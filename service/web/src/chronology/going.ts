/** To where and when a report is about. */
import { instant } from "~/clocks/instants";
import { pause } from "~/clocks/play";
import { flyTo } from "~/map/camera";
import { at, place } from "~/reader";
import { spotById } from "~/map/places";
import type { Report } from "~/service/shapes";

/** The places that a report names, those of its control claims first. */
export function placesOf(report: Report): string[] {
  const claims = [...report.claims].sort((a, b) => Number(b.kind === "control") - Number(a.kind === "control"));
  const named = claims.flatMap((claim) => [
    claim["place"],
    ...((claim["places"] as string[] | undefined) ?? []),
    claim["to"],
    claim["from"],
  ]);
  return [...new Set(named.filter((each): each is string => typeof each === "string"))];
}

/** Set the world's clock to when it had happened, and fly to the first of its places that is on the map. */
export function goTo(report: Report): void {
  pause();
  at.value = instant(report.window.latest);
  const [first] = placesOf(report);
  const drawn = placesOf(report).find((id) => spotById.value.get(id)?.drawn);
  if (first) place.value = drawn ?? first;
  if (drawn) flyTo(drawn);
}
