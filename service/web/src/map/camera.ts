/** The map that is shown, for those who want to move it or to draw on it. */
import { signal } from "@preact/signals";
import type { Geometry } from "geojson";
import type { Map as GlMap } from "maplibre-gl";

import { allReports } from "~/known";
import { calm } from "~/theme";
import type { Box } from "./labels";
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

/** Leave the map as it is where the place is to be seen on it beside the answer; move it where it is not. */
export function keepInSight(id: string): void {
  setTimeout(() => {
    const spot = spotById.value.get(id);
    const map = camera.value;
    if (!map || !spot?.drawn) return;
    map.resize();
    const { x, y } = map.project([spot.lon, spot.lat]);
    const { left, top, right, bottom } = inSight(map);
    if (x > left + ROOM && x < right - ROOM && y > top + ROOM && y < bottom - ROOM) return;
    move(map, { center: [spot.lon, spot.lat] });
  });
}

/** So far from the edge a place is well to be seen, in pixels. */
const ROOM = 24;

function fly(id: string): void {
  const spot = spotById.value.get(id);
  const map = camera.value;
  if (!map || !spot?.drawn) return;
  map.resize();
  const shape = spot.place.shape;
  if (shape) {
    const { left, top, right, bottom } = inSight(map);
    const { clientWidth, clientHeight } = map.getContainer();
    const room = padding(map.getContainer());
    room.left += left;
    room.top += top;
    room.right += clientWidth - right;
    room.bottom += clientHeight - bottom;
    const options = { padding: room, maxZoom: 12, animate: !calm(), duration: 700 };
    map.fitBounds(around(positionsOf(shape)), options, ASKED);
    return;
  }
  const zoom = spot.wide ? Math.max(map.getZoom(), 7) : Math.max(map.getZoom(), 9.5);
  move(map, { center: [spot.lon, spot.lat], zoom });
}

/** Move the map, so that the middle of what is to be seen of it looks there. */
function move(map: GlMap, to: { center: [number, number]; zoom?: number }): void {
  const { left, top, right, bottom } = inSight(map);
  const { clientWidth, clientHeight } = map.getContainer();
  const offset: [number, number] = [(left + right - clientWidth) / 2, (top + bottom - clientHeight) / 2];
  map.easeTo({ ...to, offset, duration: calm() ? 0 : 700 }, ASKED);
}

/** What the answer leaves to be seen of the map: on a phone it lies over its lower part, embedded over its end. */
function inSight(map: GlMap): Box {
  const all = map.getContainer().getBoundingClientRect();
  const over = document.querySelector(".why")?.getBoundingClientRect();
  const whole = { left: 0, top: 0, right: all.width, bottom: all.height };
  if (!over || over.left >= all.right - 1 || over.right <= all.left + 1 || over.top >= all.bottom) return whole;
  if (over.width >= all.width - 1) return { ...whole, bottom: Math.max(0, over.top - all.top) };
  return over.left > all.left + 1
    ? { ...whole, right: over.left - all.left }
    : { ...whole, left: over.right - all.left };
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

/** Room around what is fitted, for the legend and the buttons that lie over the map, and for names beside the marks. */
export function padding(box: HTMLElement): { top: number; bottom: number; left: number; right: number } {
  const legend = box.closest(".map-area")?.querySelector<HTMLElement>(".legend[open]")?.offsetWidth ?? 0;
  const narrow = box.clientWidth < 520;
  const [start, end] = [narrow ? 36 : legend + 40, narrow ? 56 : 100];
  if (start + end > box.clientWidth * 0.8 || box.clientHeight < 150) return { top: 0, bottom: 0, left: 0, right: 0 };
  const [left, right] = document.documentElement.dir === "rtl" ? [end, start] : [start, end];
  return { top: 50, bottom: 50, left, right };
}

/** Show all that there is; `asked` by the reader, or only because there is more or less room for it. */
export function fit(asked = true): void {
  const [box, map] = [bounds(), camera.value];
  if (!box || !map) return;
  const options = { padding: padding(map.getContainer()), maxZoom: 11, animate: false };
  map.fitBounds(box, options, asked ? ASKED : undefined);
}
