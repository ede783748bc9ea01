/** The keys that work everywhere on the page but where something is typed. */
import { know } from "~/clocks/knowledge";
import { pause, play, playing } from "~/clocks/play";
import { nextChange, nextEvent } from "~/clocks/stops";
import { at, place } from "~/reader";
import { closePlace } from "~/why/opening";

const change = (direction: 1 | -1) => () => {
  pause();
  const to = nextChange(at.peek(), direction);
  if (to !== undefined) at.value = to;
};
const event = (direction: 1 | -1) => () => {
  const to = nextEvent(direction);
  if (to !== undefined) know(to);
};

const KEYS: Record<string, () => void> = {
  "/": () => document.getElementById("search")?.focus(),
  " ": () => (playing.peek() ? pause() : play()),
  "]": change(1),
  "[": change(-1),
  "}": event(1),
  "{": event(-1),
  Escape: () => place.peek() && closePlace(),
};

export function listenToKeys(): void {
  addEventListener("keydown", (pressed) => {
    const target = pressed.target as HTMLElement;
    const typing = target.matches("input:not([type=range]), textarea, select, [contenteditable]");
    const pressing = pressed.key === " " && target.matches("button, summary, a, [role=option]");
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.defaultPrevented || typing || pressing) return;
    const act = KEYS[pressed.key];
    if (!act) return;
    act();
    pressed.preventDefault();
  });
}
