import { describe, expect, it } from "vitest";

import { type Box, clipLine, clipRing, touches, unwrapped } from "../basemap/clipping.ts";

const BOX: Box = [0, 0, 10, 10];

describe("cutting to a box", () => {
  it("keeps the part of a ring inside", () => {
    const ring = clipRing(
      [
        [-5, -5],
        [5, -5],
        [5, 5],
        [-5, 5],
        [-5, -5],
      ],
      BOX,
    );
    expect(new Set(ring.map(String))).toEqual(new Set(["0,0", "5,0", "5,5", "0,5"]));
    expect(ring[0]).toEqual(ring.at(-1));
  });
  it("keeps nothing of a ring outside", () =>
    expect(
      clipRing(
        [
          [20, 20],
          [30, 20],
          [30, 30],
          [20, 20],
        ],
        BOX,
      ),
    ).toEqual([]));
  it("keeps the pieces of a line that leaves and comes back", () => {
    expect(
      clipLine(
        [
          [5, 5],
          [15, 5],
          [15, 8],
          [5, 8],
        ],
        BOX,
      ),
    ).toEqual([
      [
        [5, 5],
        [10, 5],
      ],
      [
        [10, 8],
        [5, 8],
      ],
    ]);
  });
  it("joins what the edge of the world parts", () => {
    const ring = [
      [170, 0],
      [-170, 0],
      [-170, 10],
      [170, 10],
      [170, 0],
    ];
    const copies = unwrapped(ring, true).map((copy) => [
      Math.min(...copy.map(([lon]) => lon!)),
      Math.max(...copy.map(([lon]) => lon!)),
    ]);
    expect(copies).toEqual([
      [-190, -170],
      [170, 190],
    ]);
  });
  it("closes a ring around a pole through it", () => {
    const ring = [
      [-180, -70],
      [-60, -75],
      [60, -70],
      [180, -72],
      [-180, -70],
    ];
    expect(
      unwrapped(ring, true)
        .find((copy) => copy[0]![0] === -180)!
        .slice(-3),
    ).toEqual([
      [180, -90],
      [-180, -90],
      [-180, -70],
    ]);
  });
  it("knows what can't be inside", () => {
    expect(
      touches(
        [
          [11, 11],
          [12, 12],
        ],
        BOX,
      ),
    ).toBe(false);
    expect(
      touches(
        [
          [-5, 5],
          [15, 5],
        ],
        BOX,
      ),
    ).toBe(true);
  });
});
