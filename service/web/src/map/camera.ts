/** The map that is shown, for those who want to move it or to draw on it. */
import { signal } from "@preact/signals";
import type { Geometry } from "geojson";
import type { Map as GlMap } from "maplibre-gl";

import { allReports } from "~/known";
import { calm } from "~/theme";
import { around, positionsOf } from "./middle";
import { allSpots, spotById } from "./places";
import type { Spot } from "./spots";

export const camera = signal<GlMap | null>(null);

/** Somebody waits for clicks on the map, for a location or for the positions of a shape; they are told where it was. */
export const picking = signal<{
  what: "location" | "shape";
  take: (at: { lon: number; lat: number }) => void;
} | null>(null);

/** A shape that is being drawn. */
export const drawing = signal<Geometry | null>(null);

/** Marks a movement that the reader asked for: where it ends is kept in the address. */
export const ASKED = { asked: true };

/** Fly to a place, once the panel that its choice opens has taken its room: the middle of the map is then another. */
export function flyTo(id: string): void {
  setTimeout(() => fly(id));
}

function fly(id: string): void {
  const spot = spotById.value.get(id);
  const map = camera.value;
  if (!map || !spot?.drawn) return;
  map.resize();
  const shape = spot.place.shape;
  if (shape) {
    const options = { padding: padding(map.getContainer()), maxZoom: 12, animate: !calm(), duration: 700 };
    map.fitBounds(around(positionsOf(shape)), options, ASKED);
    return;
  }
  const zoom = spot.wide ? Math.max(map.getZoom(), 7) : Math.max(map.getZoom(), 9.5);
  const to = { center: [spot.lon, spot.lat] as [number, number], zoom };
  if (calm()) map.jumpTo(to, ASKED);
  else map.easeTo({ ...to, duration: 700 }, ASKED);
}

/** The box around what the chronology is about: the towns that claims name, or else all of them. */
export function bounds(): [[number, number], [number, number]] | null {
  const named = new Set(allReports.value.flatMap((report) => report.places));
  const drawn = allSpots.value.filter((spot) => spot.drawn && spot.counted);
  const some = drawn.filter((spot) => named.has(spot.place.id));
  const all: Spot[] = some.length > 1 ? some : drawn;
  return all.length ? around(all.flatMap(positionsOfSpot)) : null;
}

const positionsOfSpot = ({ place, lon, lat }: Spot) => (place.shape ? positionsOf(place.shape) : [[lon, lat]]);

/** Room around what is fitted, for the legend and the buttons that lie over the map. */
export function padding(box: HTMLElement): { top: number; bottom: number; left: number; right: number } {
  const legend = box.clientWidth > 520 ? 210 : 30;
  const [left, right] = document.documentElement.dir === "rtl" ? [60, legend] : [legend, 60];
  return { top: 50, bottom: 50, left, right: right + 40 };
}

export function fit(): void {
  const box = bounds();
  if (box && camera.value)
    camera.value.fitBounds(box, { padding: padding(camera.value.getContainer()), maxZoom: 11, animate: false }, ASKED);
}
