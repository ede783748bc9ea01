/**
 * A colour for every force: a side gets one of eight that the colour-blind can tell apart (after Okabe and Ito), and
 * those aligned under it shades of that one. Nothing is told by colour alone: see emblem.tsx.
 */
import { computed } from "@preact/signals";

import { forces } from "~/known";
import type { Force } from "~/service/shapes";

export type Rgb = readonly [number, number, number];

const SIDES: readonly Rgb[] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
  [140, 96, 55],
  [120, 94, 200],
];
export const GREY: Rgb = [140, 146, 156];
/** Two greys for anybody at all, told apart on light and on dark. */
export const SOME: Rgb = [98, 106, 118];
export const OTHERS: Rgb = [186, 193, 202];

/** How far a force's colour is from its side's, by its place among those under it. */
const SHADES = [0, 0.28, -0.24, 0.45, -0.4, 0.14, -0.12];

/** The side of a force: the last of its newest alignments. */
export const sideOf = computed(() => {
  const byId = new Map(forces.value.map((each) => [each.id, each]));
  const found = new Map<string, string>();
  return (id: string): string => {
    const known = found.get(id);
    if (known !== undefined) return known;
    const first = id;
    const seen = new Set<string>();
    for (
      let next: Force | undefined = byId.get(id);
      next && !seen.has(next.id);
      next = byId.get(next.alignments.at(-1)?.with ?? "")
    ) {
      seen.add(next.id);
      id = next.id;
    }
    found.set(first, id);
    return id;
  };
});

const colours = computed(() => {
  const sides = new Map<string, string[]>();
  for (const { id } of forces.value) {
    const side = sideOf.value(id);
    sides.set(side, [...(sides.get(side) ?? []), id]);
  }
  const found = new Map<string, Rgb>();
  [...sides].forEach(([side, members], i) => {
    const own = SIDES[i % SIDES.length]!;
    [side, ...members.filter((id) => id !== side)].forEach((id, rank) =>
      found.set(id, shade(own, SHADES[rank % SHADES.length]!)),
    );
  });
  return found;
});

/** The colour of a force; grey for nobody. */
export function colour(force: string | undefined): Rgb {
  return (force && colours.value.get(force)) || GREY;
}

export const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

/** Nearer to white (positive) or to black. */
function shade(rgb: Rgb, by: number): Rgb {
  const to = by > 0 ? 255 : 0;
  return rgb.map((part) => Math.round(part + (to - part) * Math.abs(by))) as unknown as Rgb;
}
