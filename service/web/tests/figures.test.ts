/** What is typed of figures, and a figure that was typed elsewhere when it is corrected here. */
import { describe, expect, test } from "vitest";

import { claimOf, draftOf } from "~/editing/fields";

const killed = (typed: string) => claimOf({ kind: "casualties", of: "civilians", killed: typed })["killed"];

describe("a figure that is typed", () => {
  test.each([
    ["3", { low: 3, best: 3, high: 3 }],
    ["3-5", { low: 3, high: 5 }],
    ["3 – 5", { low: 3, high: 5 }],
    ["3+", { low: 3 }],
    ["3-10 (5)", { low: 3, best: 5, high: 10 }],
    ["3+ (5)", { low: 3, best: 5 }],
    ["٣", { low: 3, best: 3, high: 3 }],
  ])("%s is read", (typed, figure) => expect(killed(typed)).toEqual(figure));

  test("that is none goes to the service as it is, which says so", () => expect(killed("some")).toBe("some"));
});

describe("a correction leaves a figure as it was", () => {
  test.each([
    { low: 3 },
    { low: 3, high: 5 },
    { low: 3, best: 3, high: 3 },
    { low: 3, best: 5, high: 10 },
    { low: 3, best: 5 },
  ])("%o", (figure) => {
    const whole = { best: null, high: null, ...figure };
    expect(claimOf(draftOf({ kind: "casualties", of: "civilians", killed: whole }))["killed"]).toEqual(figure);
  });

  test("and a count of strikes, which has no best", () => {
    const claim = { kind: "strike", places: ["a"], count: { low: 45, high: null } };
    expect(claimOf(draftOf(claim))["count"]).toEqual({ low: 45 });
  });
});
