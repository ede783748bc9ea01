import { describe, expect, it } from "vitest";

import { instant, rfc3339 } from "~/clocks/instants";
import { typed } from "~/clocks/typed";
import { fromLocal, offset, utc } from "~/clocks/zones";

describe("instants", () => {
  it("are read and written to the microsecond", () => {
    for (const text of [
      "2024-12-04T18:00:00Z",
      "2024-12-04T18:00:00.000001Z",
      "1969-12-31T23:59:59.5Z",
      "0001-01-01T00:00:00Z",
    ])
      expect(rfc3339(instant(text))).toBe(text);
  });
  it("have an open start where the API says null", () => {
    expect(instant(null)).toBe(-Infinity);
    expect(instant(null, Infinity)).toBe(Infinity);
  });
  it("are refused in any other form", () => {
    expect(() => instant("2024-12-04")).toThrow(RangeError);
    expect(() => instant("2024-12-04T18:00:00+03:00")).toThrow(RangeError);
  });
});

describe("typed dates", () => {
  const at = (text: string, zone = "UTC") => {
    const found = typed(text, zone);
    return found === undefined ? undefined : rfc3339(found);
  };
  it("are read as the start of what they name", () => {
    expect(at("2024")).toBe("2024-01-01T00:00:00Z");
    expect(at("2024-12")).toBe("2024-12-01T00:00:00Z");
    expect(at("2024-12-05 14")).toBe("2024-12-05T14:00:00Z");
    expect(at(" 2024-12-05T14:30 ")).toBe("2024-12-05T14:30:00Z");
  });
  it("are read in the zone, unless they name UTC", () => {
    expect(at("2024-12-05", "Asia/Damascus")).toBe("2024-12-04T21:00:00Z");
    expect(at("2024-12-05T14:30Z", "Asia/Damascus")).toBe("2024-12-05T14:30:00Z");
  });
  it("can be written in Arabic-Indic digits", () => expect(at("٢٠٢٤-١٢-٠٥")).toBe("2024-12-05T00:00:00Z"));
  it("are refused where there is no such time", () => {
    for (const text of ["", "tomorrow", "2024-13", "2024-02-30", "2024-12-05 24", "2024-12-05 14:60", "20241"])
      expect(at(text)).toBeUndefined();
  });
});

describe("zones", () => {
  it("know their offset at an instant, before and after a change", () => {
    expect(offset(utc(2024, 3, 31, 0, 59, 59), "Europe/Berlin") / 3.6e9).toBe(1);
    expect(offset(utc(2024, 3, 31, 1), "Europe/Berlin") / 3.6e9).toBe(2);
  });
  it("read a local time that comes twice as its first", () => {
    expect(rfc3339(fromLocal(utc(2024, 10, 27, 2, 30), "Europe/Berlin"))).toMatch(/T0[01]:30:00Z$/);
  });
  it("read every other local time back and forth", () => {
    for (let month = 1; month <= 12; month++) {
      const local = utc(2024, month, 15, 12, 30);
      for (const zone of ["UTC", "Asia/Damascus", "America/New_York", "Asia/Kathmandu"]) {
        const found = fromLocal(local, zone);
        expect(found + offset(found, zone)).toBe(local);
      }
    }
  });
});
