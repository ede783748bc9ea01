/** The names on the map, drawn by the browser's own text (so every script is shaped), the most important first, none over another. */
import type { Map as GlMap } from "maplibre-gl";

import { drawScale } from "./graticule";
import { nameOf, otherName } from "./names";
import type { Spot } from "./spots";

const RANKS: Record<string, number> = {
  country: 0,
  governorate: 1,
  city: 2,
  town: 4,
  district: 5,
  area: 5,
  base: 6,
  village: 7,
};
/** From which zoom on a kind is named at all. */
const FROM: Record<number, number> = { 0: 2, 1: 5.5, 2: 4, 4: 7.6, 5: 8, 6: 9, 7: 9.4, 8: 10 };
const MOST = 160;
/** With more marks than this in view, names may lie over marks. */
const OBSTACLES = 400;
/** The height of the line with the basemap's credit. */
const LOWEST = 20;
/** No name is longer than so many letters here. */
const LONGEST = 44;
/** So far names stay from the sides of the map. */
const EDGE = 3;
/** From which zoom on the name in the other script stands below. */
const BOTH = 9.2;

export interface Ink {
  text: string;
  quiet: string;
  halo: string;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const rank = (spot: Spot): number => RANKS[spot.place.kind] ?? 8;

export function drawLabels(
  canvas: HTMLCanvasElement,
  map: GlMap,
  ranked: readonly Spot[],
  chosen: string | null,
  size: number,
  ink: Ink,
  shown: (spot: Spot) => boolean,
  told: (spot: Spot) => boolean,
  ringed: (spot: Spot) => boolean,
  covered: readonly Box[],
): void {
  const ratio = map.getPixelRatio();
  const { clientWidth: width, clientHeight: height } = map.getCanvas();
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.lineJoin = "round";
  context.textBaseline = "middle";
  const zoom = map.getZoom();
  const bounds = map.getBounds();
  const [west, east, south, north] = [bounds.getWest(), bounds.getEast(), bounds.getSouth(), bounds.getNorth()];
  const near = ({ drawn, lon, lat }: Spot) => drawn && lon >= west && lon <= east && lat >= south && lat <= north;
  const seen = ranked.filter((spot) => near(spot) && shown(spot));
  const weight = (spot: Spot): 0 | 1 | 2 => (spot.place.id === chosen ? 2 : told(spot) ? 1 : 0);
  const byWeight: [Spot[], Spot[], Spot[]] = [[], [], []];
  for (const spot of seen) {
    const its = weight(spot);
    if (zoom >= (FROM[rank(spot)] ?? 10) - 1.5 * its) byWeight[its].push(spot);
  }
  const inView = byWeight.reverse().flat().slice(0, MOST);
  const marks = seen.length > OBSTACLES ? [] : seen.filter((spot) => !spot.wide);
  const taken = [
    ...covered,
    ...drawScale(context, map, ink, LOWEST, covered),
    ...marks.filter((spot) => weight(spot)).map((spot) => markBox(map, spot, size)),
  ];
  const lesser = marks.filter((spot) => !weight(spot)).map((spot) => markBox(map, spot, size));
  for (const spot of inView) drawOne(context, map, spot, weight(spot), zoom, size, ringed(spot), ink, taken, lesser);
}

function markBox(map: GlMap, spot: Spot, size: number): Box {
  const at = map.project([spot.lon, spot.lat]);
  const [x, y, far] = [at.x + spot.shift[0] * size, at.y + spot.shift[1] * size, size * 0.4];
  return { left: x - far, top: y - far, right: x + far, bottom: y + far };
}

/** `taken` is where nothing else may be written; `lesser`, where only names that matter may. */
function drawOne(
  context: CanvasRenderingContext2D,
  map: GlMap,
  spot: Spot,
  weight: number,
  zoom: number,
  size: number,
  ringed: boolean,
  ink: Ink,
  taken: Box[],
  lesser: Box[],
): void {
  const at = map.project([spot.lon, spot.lat]);
  const x = at.x + spot.shift[0] * size;
  const y = at.y + spot.shift[1] * size;
  const order = rank(spot);
  const name = spot.wide ? spaced(short(nameOf(spot.place))) : short(nameOf(spot.place));
  const other = zoom >= BOTH && !spot.wide ? short(otherName(spot.place) ?? "") : "";
  const pixels = spot.wide ? 12 : order <= 2 ? 15 : order <= 4 ? 13 : 12;
  const font = (px: number) => `${weight > 1 || order <= 2 ? 650 : 500} ${px}px system-ui, sans-serif`;
  context.font = font(pixels);
  const wide = Math.max(context.measureText(name).width, other ? context.measureText(other).width * 0.9 : 0);
  const tall = other ? pixels * 2.25 : pixels * 1.25;
  const far = size * (ringed ? 0.95 : 0.62);
  const below = { left: x - wide / 2, top: y + far, right: x + wide / 2, bottom: y + far + tall };
  const above = { left: x - wide / 2, top: y - far - tall, right: x + wide / 2, bottom: y - far };
  const marked = spot.wide && weight > 0; // a region of which something is said has a mark in its middle
  const all = marked
    ? [below, above]
    : spot.wide
      ? [{ left: x - wide / 2, top: y - tall / 2, right: x + wide / 2, bottom: y + tall / 2 }]
      : [
          { left: x + far, top: y - tall / 2, right: x + far + wide, bottom: y + tall / 2 },
          { left: x - far - wide, top: y - tall / 2, right: x - far, bottom: y + tall / 2 },
          below,
          above,
        ];
  const { clientWidth, clientHeight } = map.getCanvas();
  const boxes = all.filter((each) => inside(each, clientWidth, clientHeight)); // half a name names nothing
  const free = (box: Box, of: Box[]): boolean => !of.some((other) => overlap(box, other));
  const box =
    boxes.find((each) => free(each, taken) && free(each, lesser)) ??
    (weight > 0 || order <= 2 ? boxes.find((each) => free(each, taken)) : undefined) ??
    (weight > 1 ? (boxes[0] ?? all[0]) : undefined);
  if (!box) return;
  taken.push(box);
  context.textAlign = "center";
  const middle = (box.left + box.right) / 2;
  write(context, name, middle, box.top + pixels * 0.62, spot.wide ? ink.quiet : ink.text, ink.halo);
  if (!other) return;
  context.font = `400 ${pixels * 0.9}px system-ui, sans-serif`;
  write(context, other, middle, box.top + pixels * 1.68, ink.quiet, ink.halo);
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  fill: string,
  halo: string,
): void {
  context.lineWidth = 3.5;
  context.strokeStyle = halo;
  context.strokeText(text, x, y);
  context.fillStyle = fill;
  context.fillText(text, x, y);
}

const short = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

/** Letters apart, as maps write the names of regions; not in Arabic, whose letters join. */
function spaced(name: string): string {
  return /[\u0600-\u06ff]/.test(name) ? name : name.toUpperCase().split("").join("\u200a");
}

const inside = (box: Box, width: number, height: number): boolean =>
  box.left >= EDGE && box.top >= 0 && box.right <= width - EDGE && box.bottom <= height;

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right + 4 && b.left < a.right + 4 && a.top < b.bottom + 1 && b.top < a.bottom + 1;
}
