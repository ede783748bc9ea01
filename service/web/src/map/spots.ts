/** Where each place is drawn: at its own location, or in the middle of its shape, or beside the place it is in; several at one spot stand apart. */
import type { Place } from "~/service/shapes";
import { middle } from "./middle";

export interface Spot {
  place: Place;
  /** Mercator, 0 to 1 over the world. */
  x: number;
  y: number;
  lon: number;
  lat: number;
  /** From there on the screen, in widths of a mark. */
  shift: [number, number];
  /** Whether it is drawn at all: it is, if it or a settlement that it is in has a location. */
  drawn: boolean;
  /** The place that it is drawn beside, because it has no location of its own. */
  beside: Place | null;
  /** Countries and the like: a name on the map, and no town. */
  wide: boolean;
  /** Whether the legend counts it: what is wide only if it is drawn as what it is. */
  counted: boolean;
}

const WIDE = new Set(["country", "governorate", "district", "area"]);
const ELSEWHERE = -10; // outside of the world, for those that are not drawn

export function spots(places: readonly Place[]): Spot[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  const found = places.map((place) => spot(place, byId));
  const groups = new Map<string, Spot[]>();
  for (const each of found) {
    if (!each.drawn || each.wide) continue;
    const key = `${each.lon.toFixed(4)},${each.lat.toFixed(4)}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  for (const group of groups.values()) if (group.length > 1) spread(group);
  return found;
}

function spot(place: Place, byId: ReadonlyMap<string, Place>): Spot {
  const wide = WIDE.has(place.kind);
  const counted = !wide || !!place.shape;
  const own = place.location ?? (place.shape ? middle(place.shape) : null);
  const around = own || wide ? null : located(place, byId);
  const location = own ?? around?.location;
  if (!location)
    return {
      place,
      x: ELSEWHERE,
      y: ELSEWHERE,
      lon: 0,
      lat: 0,
      shift: [0, 0],
      drawn: false,
      beside: null,
      wide,
      counted,
    };
  const { lon, lat } = location;
  return { place, ...mercator(lon, lat), lon, lat, shift: [0, 0], drawn: true, beside: around, wide, counted };
}

/** The settlement around a place that has a location. */
function located(place: Place, byId: ReadonlyMap<string, Place>): Place | null {
  const seen = new Set([place.id]);
  for (
    let next = byId.get(place.parent ?? "");
    next && !seen.has(next.id) && !WIDE.has(next.kind);
    next = byId.get(next.parent ?? "")
  ) {
    if (next.location) return next;
    seen.add(next.id);
  }
  return null;
}

/** The one whose spot it is stays in the middle; the others stand around it. */
function spread(group: Spot[]): void {
  const [own, guests] = [group.filter((each) => !each.beside), group.filter((each) => each.beside)];
  const middle = own.length === 1 ? own[0] : undefined;
  const around = [...own, ...guests].filter((each) => each !== middle);
  around.forEach((each, i) => {
    const turn = (i / Math.max(around.length, 3)) * 2 * Math.PI - Math.PI / 4;
    const far = Math.max(1, around.length / 5);
    each.shift = [Math.cos(turn) * far, Math.sin(turn) * far];
  });
}

export function mercator(lon: number, lat: number): { x: number; y: number } {
  const clamped = Math.max(-85.05, Math.min(85.05, lat));
  const sine = Math.sin((clamped * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - (0.25 * Math.log((1 + sine) / (1 - sine))) / Math.PI };
}
