/** The times below the slider are round in the reader's zone, few, and inside the period. */
import { expect, test } from "vitest";

import { instant, rfc3339 } from "~/clocks/instants";
import { ticks } from "~/clocks/ticks";

const between = (from: string, to: string, zone = "UTC") => {
  const found = ticks(instant(from), instant(to), zone);
  return [found.by, ...found.at.map(rfc3339)];
};

test("hours", () =>
  expect(between("2024-12-05T07:12:00Z", "2024-12-05T20:00:00Z")).toEqual([
    "time",
    "2024-12-05T09:00:00Z",
    "2024-12-05T12:00:00Z",
    "2024-12-05T15:00:00Z",
    "2024-12-05T18:00:00Z",
  ]));

test("days begin at midnight of the zone", () =>
  expect(between("2024-12-01T00:00:00Z", "2024-12-05T00:00:00Z", "Asia/Damascus")).toEqual([
    "day",
    "2024-12-01T21:00:00Z",
    "2024-12-02T21:00:00Z",
    "2024-12-03T21:00:00Z",
    "2024-12-04T21:00:00Z",
  ]));

test("days keep to midnight where the clocks are changed", () =>
  expect(between("2024-03-29T12:00:00Z", "2024-04-02T12:00:00Z", "Europe/Berlin")).toEqual([
    "day",
    "2024-03-29T23:00:00Z",
    "2024-03-30T23:00:00Z",
    "2024-03-31T22:00:00Z",
    "2024-04-01T22:00:00Z",
  ]));

test("months", () =>
  expect(between("2024-01-15T00:00:00Z", "2024-06-15T00:00:00Z")).toEqual([
    "month",
    "2024-02-01T00:00:00Z",
    "2024-03-01T00:00:00Z",
    "2024-04-01T00:00:00Z",
    "2024-05-01T00:00:00Z",
    "2024-06-01T00:00:00Z",
  ]));

test.each([1e6, 6e7, 3.6e9, 8.64e10, 1e12, 1e13, 1e14, 1e15, 1e16])("never more than a few over %i", (length) => {
  const from = instant("1900-03-04T05:06:07Z");
  const { at } = ticks(from, from + length, "Asia/Damascus");
  expect(at.length).toBeLessThan(9);
  for (const each of at) expect(each >= from && each <= from + length).toBe(true);
});
