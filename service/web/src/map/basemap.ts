/** The basemap: land, coast, rivers and borders, each at the scale of the zoom, fetched cell by cell from our own service. */
import type { FeatureCollection, Position } from "geojson";
import type { GeoJSONSource, Map as GlMap, StyleSpecification } from "maplibre-gl";
import { cells, folder } from "virtual:basemap";

const there = new Set(cells);

/** The scale for a zoom, and the side of its cells in degrees. */
const LEVELS = [
  { level: "10m", side: 10, from: 5.2 },
  { level: "50m", side: 30, from: 3 },
  { level: "110m", side: 360, from: -1 },
] as const;

interface Cell {
  land: Position[][][];
  coast: Position[][];
  borders: Position[][];
  rivers: Position[][];
}

export interface Paper {
  sea: string;
  land: string;
  coast: string;
  border: string;
  river: string;
}

/** The zoom whose tiles do for all that are nearer: there is no finer coast in them, and none has to be waited for. */
const FINEST = 9;

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

export function style(paper: Paper, tiles: string | null): StyleSpecification {
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: EMPTY, tolerance: 0.2, maxzoom: FINEST },
      lines: { type: "geojson", data: EMPTY, tolerance: 0.2, maxzoom: FINEST },
      graticule: { type: "geojson", data: EMPTY },
      ...(tiles ? { tiles: { type: "raster", tiles: [tiles], tileSize: 256 } } : {}),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": paper.sea } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": paper.land, "fill-antialias": false } },
      {
        id: "coast",
        type: "line",
        source: "lines",
        filter: ["==", ["get", "kind"], "coast"],
        paint: { "line-color": paper.coast, "line-width": 0.8 },
      },
      {
        id: "rivers",
        type: "line",
        source: "lines",
        filter: ["==", ["get", "kind"], "rivers"],
        paint: { "line-color": paper.river, "line-width": 1 },
      },
      {
        id: "borders",
        type: "line",
        source: "lines",
        filter: ["==", ["get", "kind"], "borders"],
        paint: { "line-color": paper.border, "line-width": 1.1, "line-dasharray": [4, 2] },
      },
      {
        id: "graticule",
        type: "line",
        source: "graticule",
        paint: { "line-color": paper.coast, "line-width": 0.6, "line-opacity": 0.45 },
      },
      ...(tiles ? [{ id: "tiles", type: "raster" as const, source: "tiles" }] : []),
    ],
  };
}

const loaded = new Map<string, Promise<Cell>>();

function load(name: string): Promise<Cell> {
  let coming = loaded.get(name);
  if (!coming) {
    coming = fetch(`${folder}/${name}.json`).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json() as Promise<Cell>;
    });
    coming.catch(() => loaded.delete(name)); // another try when it is next in view
    loaded.set(name, coming);
  }
  return coming;
}

/** Keep the basemap in step with where the map looks. */
export function followView(map: GlMap): void {
  let drawn = "";
  const draw = async () => {
    const names = inView(map);
    const key = names.join();
    if (key === drawn) return;
    drawn = key;
    const found = await Promise.allSettled(names.map(load));
    if (drawn !== key || !map.style) return;
    if (found.some((each) => each.status === "rejected")) drawn = "";
    const parts = found.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    if (!parts.length && names.length) return;
    source(map, "land")?.setData({
      type: "FeatureCollection",
      features: parts.map(({ land }) => ({
        type: "Feature",
        properties: {},
        geometry: { type: "MultiPolygon", coordinates: land },
      })),
    });
    source(map, "lines")?.setData({
      type: "FeatureCollection",
      features: parts.flatMap((part) =>
        (["coast", "rivers", "borders"] as const).map((kind) => ({
          type: "Feature" as const,
          properties: { kind },
          geometry: { type: "MultiLineString" as const, coordinates: part[kind] },
        })),
      ),
    });
  };
  map.on("moveend", () => void draw());
  map.on("style.load", () => {
    drawn = "";
    void draw();
  });
}

const source = (map: GlMap, name: string) => map.getSource<GeoJSONSource>(name);

function inView(map: GlMap): string[] {
  const zoom = map.getZoom();
  const { level, side } = LEVELS.find((each) => zoom >= each.from)!;
  const bounds = map.getBounds();
  const [west, east] = [Math.max(-180, bounds.getWest()), Math.min(179.999, bounds.getEast())];
  const [south, north] = [Math.max(-90, bounds.getSouth()), Math.min(89.999, bounds.getNorth())];
  const first = (value: number, from: number) => Math.floor((value - from) / side) * side + from;
  const names: string[] = [];
  for (let x = first(west, -180); x <= east; x += side)
    for (let y = first(south, -90); y <= north; y += side) names.push(`${level}/${x},${y}`);
  return names.filter((name) => there.has(name));
}
