/** Cutting rings and lines to a box (Sutherland and Hodgman; the parts of a line that lie inside). */
import type { Position } from "geojson";

/** West, south, east, north. */
export type Box = readonly [number, number, number, number];

type Side = { inside(p: Position): boolean; cross(a: Position, b: Position): Position };

function sides([west, south, east, north]: Box): Side[] {
  const at = (axis: 0 | 1, value: number) => (a: Position, b: Position) => {
    const part = (value - a[axis]!) / (b[axis]! - a[axis]!);
    return [a[0]! + part * (b[0]! - a[0]!), a[1]! + part * (b[1]! - a[1]!)];
  };
  return [
    { inside: (p) => p[0]! >= west, cross: at(0, west) },
    { inside: (p) => p[0]! <= east, cross: at(0, east) },
    { inside: (p) => p[1]! >= south, cross: at(1, south) },
    { inside: (p) => p[1]! <= north, cross: at(1, north) },
  ];
}

/** The part of a closed ring inside the box, closed; empty where there is none. */
export function clipRing(ring: Position[], box: Box): Position[] {
  let points = ring.slice(0, -1);
  for (const side of sides(box)) {
    points = points.flatMap((point, i) => {
      const before = points.at(i - 1)!;
      if (side.inside(point)) return side.inside(before) ? [point] : [side.cross(before, point), point];
      return side.inside(before) ? [side.cross(before, point)] : [];
    });
  }
  return points.length ? [...points, points[0]!] : [];
}

/** The pieces of a line inside the box. */
export function clipLine(line: Position[], box: Box): Position[][] {
  let pieces = [line];
  for (const side of sides(box)) pieces = pieces.flatMap((piece) => cutAt(piece, side));
  return pieces;
}

function cutAt(line: Position[], side: Side): Position[][] {
  const pieces: Position[][] = [];
  let piece: Position[] = [];
  line.forEach((point, i) => {
    const before = line[i - 1];
    const inside = side.inside(point);
    if (before && side.inside(before) !== inside) piece.push(side.cross(before, point));
    if (inside) piece.push(point);
    else if (piece.length) pieces.push(piece.splice(0));
  });
  return [...pieces, piece].filter((each) => each.length > 1);
}

/**
 * The points without the jump from 180 to -180, and their copies one turn to either side, of which a box may hold a part.
 * A ring around a pole is closed through it.
 */
export function unwrapped(points: Position[], ring: boolean): Position[][] {
  let turn = 0;
  const found = points.map(([lon, lat], i) => {
    const step = i ? lon! - points[i - 1]![0]! : 0;
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    return [lon! + turn, lat!];
  });
  if (ring && turn) {
    const pole = found[0]![1]! > 0 ? 90 : -90;
    found.push([found.at(-1)![0]!, pole], [found[0]![0]!, pole], found[0]!);
  }
  return [-360, 0, 360]
    .map((by) => found.map(([lon, lat]) => [lon! + by, lat!]))
    .filter((copy) => touches(copy, WORLD));
}

const WORLD: Box = [-179.99, -90, 179.99, 90];

/** Whether the points' own box meets a box. */
export function touches(points: Position[], [west, south, east, north]: Box): boolean {
  const [lows, highs] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (const point of points) {
    for (const axis of [0, 1] as const) {
      lows[axis] = Math.min(lows[axis]!, point[axis]!);
      highs[axis] = Math.max(highs[axis]!, point[axis]!);
    }
  }
  return lows[0]! <= east && highs[0]! >= west && lows[1]! <= north && highs[1]! >= south;
}
