import { describe, expect, it } from "vitest";

import { positions, shapeOf, written } from "~/editing/drawn";
import { around, middle, positionsOf } from "~/map/middle";

describe("a shape that is typed", () => {
  it("is a position a line, in any usual notation", () => {
    expect(shapeOf("36.75, 35.13\n36.5 -34\n[37,35],\n", false)).toEqual({
      type: "LineString",
      coordinates: [
        [36.75, 35.13],
        [36.5, -34],
        [37, 35],
      ],
    });
    expect(
      positions(
        written([
          [1, 2],
          [3.123456, 4],
        ]),
      ),
    ).toEqual([
      [1, 2],
      [3.12346, 4],
    ]);
  });
  it("is closed where it is an outline", () => {
    const ring = [[0, 0], [1, 0], [1, 1], [0, 0]]; // prettier-ignore
    expect(shapeOf("0 0\n1 0\n1 1", true)).toEqual({ type: "Polygon", coordinates: [ring] });
    expect(shapeOf("0 0\n1 0\n1 1\n0 0", true)).toEqual({ type: "Polygon", coordinates: [ring] });
  });
  it("is taken as GeoJSON as it is, also out of a feature", () => {
    const line = { type: "LineString", coordinates: [[0, 0], [1, 1]] }; // prettier-ignore
    expect(shapeOf(JSON.stringify(line), true)).toEqual(line);
    expect(shapeOf(JSON.stringify({ type: "Feature", geometry: line }), true)).toEqual(line);
  });
  it("is none where nothing is typed, and unreadable where it is something else", () => {
    expect(shapeOf("  \n", false)).toBeNull();
    for (const text of ["36", "36,35,34", "here", "{", '{"type":"LineString"}', '{"type":"Feature","geometry":null}'])
      expect(shapeOf(text, false)).toBeUndefined();
  });
});

describe("a mark for a shape", () => {
  it("stands halfway along the longest line", () => {
    const line = [[0, 0], [0, 1], [0, 4]]; // prettier-ignore
    expect(middle({ type: "LineString", coordinates: line })).toEqual({ lon: 0, lat: 2 });
    expect(middle({ type: "MultiLineString", coordinates: [[[9, 9], [9, 9.1]], line] })).toEqual({ lon: 0, lat: 2 }); // prettier-ignore
  });
  it("stands in the centre of the largest ring", () => {
    const square = (at: number, side: number) => [[at, at], [at + side, at], [at + side, at + side], [at, at + side], [at, at]]; // prettier-ignore
    expect(middle({ type: "Polygon", coordinates: [square(0, 2)] })).toEqual({ lon: 1, lat: 1 });
    const many = { type: "MultiPolygon" as const, coordinates: [[square(8, 1)], [square(0, 2)]] };
    expect(middle(many)).toEqual({ lon: 1, lat: 1 });
    expect(around(positionsOf(many))).toEqual([
      [0, 0],
      [9, 9],
    ]);
  });
  it("stands somewhere also where there is no length and no area", () => {
    expect(middle({ type: "LineString", coordinates: [[3, 4], [3, 4]] })).toEqual({ lon: 3, lat: 4 }); // prettier-ignore
    expect(middle({ type: "Polygon", coordinates: [[[3, 4], [3, 4], [3, 4], [3, 4]]] })).toEqual({ lon: 3, lat: 4 }); // prettier-ignore
  });
});
