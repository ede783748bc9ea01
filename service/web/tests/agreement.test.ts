/** The page's own folding of replays, held to the answers of a running service on a grid of both times. */
import { describe, expect, it } from "vitest";

import { instant, rfc3339 } from "~/clocks/instants";
import { lines } from "~/service/client";
import type { Answer, Frame, Place } from "~/service/shapes";
import { type Axis, BEFORE, Folding } from "~/spans/sheet";
import { ABSENT, States } from "~/spans/states";

const SERVICE = process.env["CHRONOLOGY_URL"];

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${SERVICE}${path}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

describe.skipIf(!SERVICE)("sheets agree with the service", async () => {
  if (!SERVICE) return;
  const { places } = await get<{ places: Place[] }>("/v1/places");
  const ids = places.map((place) => place.id).sort();
  const numbers = new Map(ids.map((id, i) => [id, i]));
  const head = (await get<{ known_at: number }>("/v1/reports")).known_at;
  const edges = (
    await get<{ reports: { window: { earliest: string | null; latest: string } }[] }>("/v1/reports?limit=1000")
  ).reports
    .flatMap(({ window }) => [instant(window.earliest), instant(window.latest)])
    .filter(Number.isFinite);
  const times = [...new Set([...edges, ...edges.map((each) => each - 1), ...edges.map((each) => each + 3.6e9)])].sort(
    (a, b) => a - b,
  );
  const positions = Array.from({ length: 12 }, (_, i) => Math.round((head * i) / 11));

  async function sheet(axis: Axis, query: string) {
    const states = new States();
    const folding = new Folding(axis, numbers, states);
    for await (const frame of lines<Frame>(await fetch(`${SERVICE}/v1/replay?axis=${axis}&evidence=1&${query}`)))
      folding.add(frame);
    const found = folding.finish();
    return (stop: number) => {
      const into = new Uint32Array(ids.length);
      found.read(stop, into, BEFORE[axis]);
      return Object.fromEntries(ids.flatMap((id, i) => (into[i] === ABSENT ? [] : [[id, states.all[into[i]!]!]])));
    };
  }

  async function told(at: number, knownAt: number, policy: string) {
    const answers = (await get<{ places: Answer[] }>(`/v1/control?at=${rfc3339(at)}&known_at=${knownAt}${policy}`))
      .places;
    return Object.fromEntries(
      answers.map(({ place, status, holders, parties, challenger, before, after }) => [
        place,
        { status, holders, parties, challenger, before, after },
      ]),
    );
  }

  for (const policy of ["", "&lens=strict", "&lens=everything&by=side"]) {
    it(`along the world's clock${policy}`, async () => {
      for (const knownAt of positions) {
        const read = await sheet("valid", `known_at=${knownAt}${policy}`);
        for (const at of times.filter((_, i) => i % 5 === 0)) {
          expect(read(at), `at ${rfc3339(at)}, known at ${knownAt}`).toEqual(await told(at, knownAt, policy));
        }
      }
    }, 60_000);
    it(`along the clock of knowledge${policy}`, async () => {
      for (const at of times.filter((_, i) => i % 9 === 0)) {
        const read = await sheet("knowledge", `at=${rfc3339(at)}&to=${head}${policy}`);
        for (const knownAt of positions)
          expect(read(knownAt), `at ${rfc3339(at)}, known at ${knownAt}`).toEqual(await told(at, knownAt, policy));
      }
    }, 60_000);
  }
});
