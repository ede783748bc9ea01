/** How many places each side surely holds, at every change: what the stacked area draws. */
import type { Instant } from "~/clocks/instants";
import type { Sheet } from "~/spans/sheet";
import type { States } from "~/spans/states";

export interface Areas {
  /** The sides, in the order in which they are stacked. */
  sides: string[];
  times: Instant[];
  /** For each side, how many places it holds from each time on. */
  held: number[][];
}

/** `keys` gives what a state is counted under; `counted`, which places are counted at all. */
export function areas(
  sheet: Sheet,
  states: States,
  keys: (state: States["all"][number]) => readonly string[],
  counted: (place: number) => boolean,
): Areas {
  const changes: { at: Instant; key: string; by: number }[] = [];
  for (let place = 0; place < sheet.offsets.length - 1; place++) {
    if (!counted(place)) continue;
    let before: readonly string[] = [];
    for (let span = sheet.offsets[place]!; span < sheet.offsets[place + 1]!; span++) {
      const at = sheet.starts[span]!;
      const now = keys(states.all[sheet.states[span]!]!);
      for (const key of before) if (!now.includes(key)) changes.push({ at, key, by: -1 });
      for (const key of now) if (!before.includes(key)) changes.push({ at, key, by: 1 });
      before = now;
    }
  }
  changes.sort((a, b) => a.at - b.at);
  const sides = [...new Set(changes.map((each) => each.key))].sort();
  const times = [...new Set(changes.map((each) => each.at))];
  const now = new Map(sides.map((side) => [side, 0]));
  const held: number[][] = sides.map(() => []);
  let i = 0;
  for (const at of times) {
    for (; i < changes.length && changes[i]!.at === at; i++)
      now.set(changes[i]!.key, now.get(changes[i]!.key)! + changes[i]!.by);
    sides.forEach((side, s) => held[s]!.push(now.get(side)!));
  }
  return { sides, times, held };
}
