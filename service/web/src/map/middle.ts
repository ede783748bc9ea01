/** Where the mark and the name of a line or an area stand. */
import type { Geometry, Position } from "geojson";

/** The middle of its longest line, or of its largest ring; null for what is neither. */
export function middle(shape: Geometry): { lon: number; lat: number } | null {
  switch (shape.type) {
    case "LineString":
      return half(shape.coordinates);
    case "MultiLineString":
      return half(greatest(shape.coordinates, length));
    case "Polygon":
      return centre(shape.coordinates[0]!);
    case "MultiPolygon":
      return centre(
        greatest(
          shape.coordinates.map((rings) => rings[0]!),
          (ring) => Math.abs(area(ring)),
        ),
      );
    default:
      return null;
  }
}

/** The box around a shape, or around a single position. */
export function around(positions: readonly Position[]): [[number, number], [number, number]] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of positions) {
    [west, east] = [Math.min(west, lon!), Math.max(east, lon!)];
    [south, north] = [Math.min(south, lat!), Math.max(north, lat!)];
  }
  return [
    [west, south],
    [east, north],
  ];
}

/** Every position of a shape. */
export function positionsOf(shape: Geometry): Position[] {
  const flat = (found: unknown): Position[] =>
    typeof (found as number[])[0] === "number" ? [found as Position] : (found as unknown[]).flatMap(flat);
  return "coordinates" in shape ? flat(shape.coordinates) : [];
}

function half(line: readonly Position[]): { lon: number; lat: number } {
  let left = length(line) / 2;
  for (let i = 1; i < line.length; i++) {
    const step = far(line[i - 1]!, line[i]!);
    if (step >= left && step > 0) {
      const [from, to, share] = [line[i - 1]!, line[i]!, left / step];
      return { lon: from[0]! + (to[0]! - from[0]!) * share, lat: from[1]! + (to[1]! - from[1]!) * share };
    }
    left -= step;
  }
  return { lon: line[0]![0]!, lat: line[0]![1]! };
}

/** The centre of gravity of a ring; of one without area, its first position. */
function centre(ring: readonly Position[]): { lon: number; lat: number } {
  const whole = area(ring);
  if (!whole) return { lon: ring[0]![0]!, lat: ring[0]![1]! };
  let [lon, lat] = [0, 0];
  for (let i = 1; i < ring.length; i++) {
    const weight = cross(ring[i - 1]!, ring[i]!) / (6 * whole);
    lon += (ring[i - 1]![0]! + ring[i]![0]!) * weight;
    lat += (ring[i - 1]![1]! + ring[i]![1]!) * weight;
  }
  return { lon, lat };
}

const far = (a: Position, b: Position): number =>
  Math.hypot((a[0]! - b[0]!) * Math.cos((a[1]! * Math.PI) / 180), a[1]! - b[1]!);
const cross = (a: Position, b: Position): number => a[0]! * b[1]! - b[0]! * a[1]!;
const length = (line: readonly Position[]): number =>
  line.slice(1).reduce((sum, each, i) => sum + far(line[i]!, each), 0);
const area = (ring: readonly Position[]): number =>
  ring.slice(1).reduce((sum, each, i) => sum + cross(ring[i]!, each) / 2, 0);

function greatest<T>(found: readonly T[], size: (one: T) => number): T {
  return found.reduce((best, each) => (size(each) > size(best) ? each : best));
}
