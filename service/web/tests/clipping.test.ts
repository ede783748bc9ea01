import { describe, expect, it } from "vitest";

import { type Box, clipLine, clipRing, touches } from "../basemap/clipping.ts";

const BOX: Box = [0, 0, 10, 10];

describe("cutting to a box", () => {
  it("keeps the part of a ring inside", () => {
    const ring = clipRing([[-5, -5], [5, -5], [5, 5], [-5, 5], [-5, -5]], BOX);
    expect(new Set(ring.map(String))).toEqual(new Set(["0,0", "5,0", "5,5", "0,5"]));
    expect(ring[0]).toEqual(ring.at(-1));
  });
  it("keeps nothing of a ring outside", () => expect(clipRing([[20, 20], [30, 20], [30, 30], [20, 20]], BOX)).toEqual([]));
  it("keeps the pieces of a line that leaves and comes back", () => {
    expect(clipLine([[5, 5], [15, 5], [15, 8], [5, 8]], BOX)).toEqual([[[5, 5], [10, 5]], [[10, 8], [5, 8]]]);
  });
  it("knows what can't be inside", () => {
    expect(touches([[11, 11], [12, 12]], BOX)).toBe(false);
    expect(touches([[-5, 5], [15, 5]], BOX)).toBe(true);
  });
});
