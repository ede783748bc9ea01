/** A line or an outline as it is typed or drawn: a position a line, or a GeoJSON geometry. */
import type { Geometry, Position } from "geojson";

const POSITION = /^\s*\[?\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*\]?\s*,?\s*$/;

/** The shape that a text gives: null for none, undefined for what can't be read. Outlines are closed. */
export function shapeOf(text: string, outline: boolean): Geometry | null | undefined {
  if (!text.trim()) return null;
  if (text.trim().startsWith("{")) return geometry(text);
  const line = positions(text);
  if (!line) return undefined;
  return outline ? { type: "Polygon", coordinates: [closed(line)] } : { type: "LineString", coordinates: line };
}

/** The positions of a text, one a line. */
export function positions(text: string): Position[] | undefined {
  const found = text.split("\n").filter((each) => each.trim());
  const read = found.map((each) => POSITION.exec(each));
  if (read.some((each) => !each)) return undefined;
  return read.map((each) => [Number(each![1]), Number(each![2])]);
}

export const written = (line: readonly Position[]): string =>
  line.map(([lon, lat]) => `${lon!.toFixed(5)}, ${lat!.toFixed(5)}`).join("\n");

function closed(ring: Position[]): Position[] {
  const [first, last] = [ring[0], ring.at(-1)];
  return first && last && (first[0] !== last[0] || first[1] !== last[1]) ? [...ring, first] : ring;
}

/** A geometry, or that of a feature. */
function geometry(text: string): Geometry | undefined {
  try {
    const found = JSON.parse(text) as { type?: string; geometry?: unknown; coordinates?: unknown };
    const inner = (found.type === "Feature" ? found.geometry : found) as { type?: string; coordinates?: unknown };
    if (!inner || typeof inner.type !== "string" || !Array.isArray(inner.coordinates)) return undefined;
    return { type: inner.type, coordinates: inner.coordinates } as Geometry;
  } catch {
    return undefined;
  }
}
