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
const EVENT_STEP = 900;

export const learning = signal(false);
let lesson = 0;

/** Let the clock of knowledge run, event by event; `step` goes to the next and says whether there was one. */
export function learn(step: () => boolean): void {
  learning.value = true;
  lesson = window.setInterval(() => step() || rest(), EVENT_STEP);
}

export function rest(): void {
  learning.value = false;
  clearInterval(lesson);
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
