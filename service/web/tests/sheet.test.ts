import { describe, expect, it } from "vitest";

import { rfc3339 } from "~/clocks/instants";
import { areas } from "~/holdings/areas";
import type { Answer, Frame, Status } from "~/service/shapes";
import { BEFORE, Folding } from "~/spans/sheet";
import { ABSENT, holders, States, UNKNOWN } from "~/spans/states";

const HOUR = 3.6e9;

function answer(place: string, status: Status, holders: string[] = []): Answer {
  const evidence = {
    since: null,
    last_confirmed: null,
    credibility: null,
    basis: [],
    dissent: [],
    unconfirmed: [],
    inherited_from: null,
    exceptions: [],
  };
  return { place, status, holders, parties: [], challenger: null, before: null, after: null, ...evidence };
}

function folded(frames: Frame[], axis: "valid" | "knowledge" = "valid") {
  const states = new States();
  const folding = new Folding(
    axis,
    new Map([
      ["a", 0],
      ["b", 1],
    ]),
    states,
  );
  frames.forEach((frame) => folding.add(frame));
  return { states, sheet: folding.finish() };
}

const FRAMES: Frame[] = [
  { at: rfc3339(0), known_at: 5, places: [answer("a", "unknown"), answer("b", "held", ["x"])] },
  { at: rfc3339(2 * HOUR), known_at: 5, places: [answer("a", "held", ["x"])] },
  { at: rfc3339(4 * HOUR), known_at: 5, places: [answer("a", "held", ["y"]), answer("b", "vacated")] },
];

describe("a sheet", () => {
  it("shows what the last frame before a stop told of each place", () => {
    const { states, sheet } = folded(FRAMES);
    const into = new Uint32Array(2);
    const told = (at: number) => {
      sheet.read(at, into, BEFORE.valid);
      return [...into].map((number) => [states.all[number]!.status, ...states.all[number]!.holders].join(" "));
    };
    expect(told(-1)).toEqual(["unknown", "unknown"]);
    expect(told(0)).toEqual(["unknown", "held x"]);
    expect(told(2 * HOUR - 1)).toEqual(["unknown", "held x"]);
    expect(told(2 * HOUR)).toEqual(["held x", "held x"]);
    expect(told(4 * HOUR)).toEqual(["held y", "vacated"]);
    expect(told(1e18)).toEqual(["held y", "vacated"]);
  });
  it("tells of each span how surely it is so and since when", () => {
    const since = { earliest: null, latest: rfc3339(HOUR) };
    const sure: Answer = { ...answer("b", "held", ["x"]), credibility: "probable", since };
    const { sheet } = folded([...FRAMES, { at: rfc3339(6 * HOUR), known_at: 5, places: [sure] }]);
    const told = (at: number) => sheet.surety(sheet.span(1, at));
    expect(told(HOUR)).toEqual({ credibility: null, since: null });
    expect(told(6 * HOUR)).toEqual({ credibility: "probable", since });
  });
  it("takes a start that is open", () => {
    const { sheet } = folded([{ at: null, known_at: 5, places: [answer("a", "held", ["x"])] }]);
    const into = new Uint32Array(2);
    sheet.read(-1e18, into, BEFORE.valid);
    expect(into[0]).toBeGreaterThan(UNKNOWN);
  });
  it("has nothing of a place before it was known of", () => {
    const { sheet } = folded(
      FRAMES.map((frame, i) => ({ ...frame, known_at: 10 * i })),
      "knowledge",
    );
    const into = new Uint32Array(2);
    sheet.read(-1, into, BEFORE.knowledge);
    expect([...into]).toEqual([ABSENT, ABSENT]);
    sheet.read(10, into, BEFORE.knowledge);
    expect(into[0]).toBeGreaterThan(UNKNOWN);
  });
  it("keeps equal states once, and different ones apart", () => {
    const states = new States();
    const held = states.number(answer("a", "held", ["x"]));
    expect(states.number(answer("b", "held", ["x"]))).toBe(held);
    expect(states.number(answer("b", "held", ["x", "y"]))).not.toBe(held);
    expect(states.number({ ...answer("b", "disputed", ["x"]), challenger: [] })).not.toBe(
      states.number(answer("b", "disputed", ["x"])),
    );
    expect(states.number(answer("a", "unknown"))).toBe(UNKNOWN);
  });
  it("knows where anything changes, and nowhere else", () => {
    const quiet: Frame = { at: rfc3339(3 * HOUR), known_at: 5, places: [] };
    expect([...folded([FRAMES[0]!, FRAMES[1]!, quiet, FRAMES[2]!]).sheet.changes]).toEqual([0, 2 * HOUR, 4 * HOUR]);
  });
});

describe("holdings over time", () => {
  it("count each place for whoever surely holds it", () => {
    const { states, sheet } = folded(FRAMES);
    const found = areas(sheet, states, holders, () => true);
    expect(found.sides).toEqual(["x", "y"]);
    expect(found.times).toEqual([0, 2 * HOUR, 4 * HOUR]);
    expect(found.held).toEqual([
      [1, 2, 0],
      [0, 0, 1],
    ]);
  });
});
