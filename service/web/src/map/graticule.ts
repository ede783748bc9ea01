/** Where a map is and how large: its meridians and parallels, and a bar as long as so many kilometres. */
import type { Feature, LineString } from "geojson";
import type { GeoJSONSource, Map as GlMap } from "maplibre-gl";

import { number, say } from "~/words/words";
import { type Box, type Ink, overlap } from "./labels";

/** How far apart lines may be, in degrees, and how near in pixels. */
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30];
const NEAR = 140;
const EARTH = 40_075_016.686; // metres around the equator
const LONGEST = 110; // pixels of the bar

const world = (map: GlMap): number => 512 * 2 ** map.getZoom(); // pixels

function step(map: GlMap): number {
  return STEPS.find((each) => (each / 360) * world(map) >= NEAR) ?? STEPS.at(-1)!;
}

/** The multiples of a step between two values. */
function multiples(from: number, to: number, step: number): number[] {
  const found: number[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++) found.push(Number((i * step).toFixed(2)));
  return found;
}

/** What is in view, and once as much around it: who drags the map sees no line end. */
function around(map: GlMap): { west: number; east: number; south: number; north: number } {
  const bounds = map.getBounds();
  const [wide, high] = [bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth()];
  return {
    west: Math.max(-180, bounds.getWest() - wide),
    east: Math.min(180, bounds.getEast() + wide),
    south: Math.max(-85, bounds.getSouth() - high),
    north: Math.min(85, bounds.getNorth() + high),
  };
}

/** Keep the lines in step with where the map looks. */
export function followGraticule(map: GlMap): void {
  const draw = () => {
    const { west, east, south, north } = around(map);
    const apart = step(map);
    const lines = [
      ...multiples(west, east, apart).map((lon) => [
        [lon, south],
        [lon, north],
      ]),
      ...multiples(south, north, apart).map((lat) => [
        [west, lat],
        [east, lat],
      ]),
    ];
    const features = lines.map((coordinates): Feature<LineString> => {
      return { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } };
    });
    map.getSource<GeoJSONSource>("graticule")?.setData({ type: "FeatureCollection", features });
  };
  map.on("moveend", draw);
  map.on("style.load", draw);
}

/** Write the degrees at the lines' ends, and the bar, `below` pixels above the lower edge. Returns where that stands. */
export function drawScale(
  context: CanvasRenderingContext2D,
  map: GlMap,
  ink: Ink,
  below: number,
  covered: readonly Box[],
): Box[] {
  context.font = "400 11px system-ui, sans-serif";
  context.lineWidth = 3;
  context.strokeStyle = ink.halo;
  context.fillStyle = ink.quiet;
  return [...degrees(context, map, covered), bar(context, map, below)];
}

function degrees(context: CanvasRenderingContext2D, map: GlMap, covered: readonly Box[]): Box[] {
  const found: Box[] = [];
  const bounds = map.getBounds();
  const rtl = document.documentElement.dir === "rtl";
  const { clientWidth: width, clientHeight: height } = map.getCanvas();
  context.textAlign = "center";
  for (const lon of multiples(bounds.getWest(), bounds.getEast(), step(map))) {
    const { x } = map.project([lon, 0]);
    const text = say(lon < 0 ? "west" : "east", { n: number(Math.abs(lon)) });
    if (x > 70 && x < width - 70) found.push(...write(context, text, x, 9, covered));
  }
  context.textAlign = rtl ? "right" : "left";
  for (const lat of multiples(bounds.getSouth(), bounds.getNorth(), step(map))) {
    const { y } = map.project([bounds.getWest(), lat]);
    const text = say(lat < 0 ? "south" : "north", { n: number(Math.abs(lat)) });
    if (y > 40 && y < height - 20) found.push(...write(context, text, rtl ? width - 5 : 5, y - 7, covered));
  }
  return found;
}

function bar(context: CanvasRenderingContext2D, map: GlMap, below: number): Box {
  const metres = (EARTH * Math.cos((map.getCenter().lat * Math.PI) / 180)) / world(map); // of a pixel
  const most = metres * LONGEST;
  const ten = 10 ** Math.floor(Math.log10(most));
  const round = [5, 2, 1].map((each) => each * ten).find((each) => each <= most)!;
  const { clientWidth: width, clientHeight: height } = map.getCanvas();
  const [long, y] = [round / metres, height - below - 8];
  const x = document.documentElement.dir === "rtl" ? 12 : width - 12 - long;
  for (const [wide, style] of [
    [4, context.strokeStyle],
    [1.5, context.fillStyle],
  ] as const) {
    context.save();
    context.lineWidth = wide;
    context.strokeStyle = style;
    context.beginPath();
    context.moveTo(x, y - 5);
    context.lineTo(x, y);
    context.lineTo(x + long, y);
    context.lineTo(x + long, y - 5);
    context.stroke();
    context.restore();
  }
  context.textAlign = "center";
  const length = round >= 1000 ? say("kilometres", { n: number(round / 1000) }) : say("metres", { n: number(round) });
  write(context, length, x + long / 2, y - 10, []);
  return { left: x, top: y - 18, right: x + long, bottom: y };
}

/** Where it was written: nowhere, where something lies over it. */
function write(context: CanvasRenderingContext2D, text: string, x: number, y: number, covered: readonly Box[]): Box[] {
  const wide = context.measureText(text).width;
  const left = context.textAlign === "left" ? x : context.textAlign === "right" ? x - wide : x - wide / 2;
  const box = { left, top: y - 7, right: left + wide, bottom: y + 7 };
  if (covered.some((each) => overlap(each, box))) return [];
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
  return [box];
}
