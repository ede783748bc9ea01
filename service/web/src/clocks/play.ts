/** Letting the world's clock run. */
import { signal } from "@preact/signals";

import { at } from "~/reader";
import { calm } from "~/theme";
import { DAY, HOUR } from "./instants";
import { nextChange, shownPeriod } from "./stops";

export const SPEEDS = { speedHour: HOUR, speedQuarter: 6 * HOUR, speedDay: DAY, speedWeek: 7 * DAY } as const;
export type Speed = keyof typeof SPEEDS;

export const playing = signal(false);
export const speed = signal<Speed>("speedQuarter");
export const loop = signal(false);

/** Readers who want nothing to move see one change after another. */
const CALM_STEP = 1500;

/** How long each event of knowledge is shown. */
export const PACES = { paceSlow: 2000, paceMiddle: 1000, paceQuick: 250 } as const;
export type Pace = keyof typeof PACES;

export const learning = signal(false);
export const pace = signal<Pace>("paceMiddle");
/** Whether knowledge, too, begins again when it has come to its end. */
export const again = signal(false);
let lesson = 0;

/** Let the clock of knowledge run, event by event; `step` goes to the next and says whether there is another. */
export function learn(step: () => boolean): void {
  learning.value = true;
  lesson = window.setTimeout(() => (step() ? learn(step) : rest()), PACES[pace.peek()]);
}

export function rest(): void {
  learning.value = false;
  clearTimeout(lesson);
}

let frame = 0;
let timer = 0;

export function play(): void {
  if (at.peek() >= shownPeriod.peek().to || at.peek() < shownPeriod.peek().from) at.value = shownPeriod.peek().from;
  playing.value = true;
  if (calm()) timer = window.setInterval(step, CALM_STEP);
  else run(performance.now());
}

export function pause(): void {
  playing.value = false;
  cancelAnimationFrame(frame);
  clearInterval(timer);
}

function run(before: number): void {
  frame = requestAnimationFrame((now) => {
    const passed = Math.min(now - before, 100) / 1e3;
    reach(Math.round(at.peek() + passed * SPEEDS[speed.peek()]));
    if (playing.peek()) run(now);
  });
}

function step(): void {
  reach(nextChange(at.peek(), 1) ?? Infinity);
}

/** Go there, or to the end of the period; there it stops or starts again. */
function reach(to: number): void {
  const { from, to: end } = shownPeriod.peek();
  if (to < end) at.value = to;
  else if (loop.peek()) at.value = from;
  else {
    at.value = end;
    pause();
  }
}
