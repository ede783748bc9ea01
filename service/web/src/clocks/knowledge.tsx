/** The clock of knowledge: a slider over the events of the log that concern reports. */
import { computed } from "@preact/signals";

import { Icon } from "~/icons";
import { head, known } from "~/known";
import { knownAt, zone } from "~/reader";
import { number, say, time } from "~/words/words";
import { type Event, events } from "./events";
import { Histogram, spread } from "./histogram";
import { again, learn, learning, type Pace, pace, PACES, rest } from "./play";
import { nextEvent } from "./stops";
import { TypedField } from "./typed-field";
import { typed } from "./typed";

const BARS = 48;

const bars = computed(() => {
  const windows = events.value.map((_, i) => [i + 1, i + 1] as const);
  const count = Math.min(BARS, Math.max(1, windows.length + 1));
  return spread(windows, 0, windows.length + 1, count);
});

/** Where on the slider a position stands: how many events were recorded by then. */
const stop = computed(() => events.value.filter((each) => each.position <= known.value).length);

/** Set the clock; the last event is "the newest", which goes on as more come. */
export function know(position: number): void {
  knownAt.value = position >= head.peek() ? null : position;
}

export function KnowledgeClock() {
  const all = events.value;
  const here = all[stop.value - 1];
  const to = (i: number) => {
    rest();
    know(i === 0 ? 0 : all[i - 1]!.position);
  };
  const [before, after] = [nextEvent(-1), nextEvent(1)];
  return (
    <section class="clock knowledge" aria-label={say("knowledge")}>
      <header>
        <h2>{say("knowledge")}</h2>
        <output class="reading">{reading(here)}</output>
        <TypedField
          label={say("typePosition")}
          hint={say("typeDateHint")}
          bad={say("badPosition")}
          read={typedPosition}
          take={know}
        />
      </header>
      <div class="track">
        <Histogram bars={bars.value} label={say("reportsAt", { n: number(all.length) })} />
        <input
          type="range"
          min={0}
          max={all.length}
          step={1}
          value={stop.value}
          aria-label={`${say("knowledge")}: ${say("knowledgeAbout")}`}
          aria-valuetext={reading(here)}
          onInput={(event) => to(event.currentTarget.valueAsNumber)}
        />
        <div class="ticks" aria-hidden="true">
          <span>{number(0)}</span>
          <span>{say("event", { n: number(head.value) })}</span>
        </div>
      </div>
      <div class="transport">
        <button
          type="button"
          class="round"
          title={say("lastEvent")}
          aria-label={say("lastEvent")}
          disabled={before === undefined}
          onClick={() => know(before!)}
        >
          <Icon name="last" flip />
        </button>
        <button
          type="button"
          class="round main"
          title={say(learning.value ? "pause" : "play")}
          aria-label={say(learning.value ? "pauseKnowledge" : "playKnowledge")}
          onClick={playOrPause}
        >
          <Icon name={learning.value ? "pause" : "play"} flip />
        </button>
        <button
          type="button"
          class="round"
          title={say("nextEvent")}
          aria-label={say("nextEvent")}
          disabled={after === undefined}
          onClick={() => know(after!)}
        >
          <Icon name="next" flip />
        </button>
        <button
          type="button"
          class="round"
          title={say("toNewest")}
          aria-label={say("toNewest")}
          disabled={knownAt.value === null}
          onClick={() => (knownAt.value = null)}
        >
          <Icon name="newest" flip />
        </button>
        <button
          type="button"
          class="round only-wide"
          title={say("loopKnowledge")}
          aria-label={say("loopKnowledge")}
          aria-pressed={again.value}
          onClick={() => (again.value = !again.value)}
        >
          <Icon name="loop" />
        </button>
        <select
          class="only-wide"
          aria-label={say("pace")}
          value={pace.value}
          onChange={(event) => (pace.value = event.currentTarget.value as Pace)}
        >
          {(Object.keys(PACES) as Pace[]).map((each) => (
            <option key={each} value={each}>
              {say(each)}
            </option>
          ))}
        </select>
      </div>
    </section>
  );
}

function playOrPause(): void {
  if (learning.value) return rest();
  if (knownAt.peek() === null) know(0);
  learn(() => {
    know(nextEvent(1) ?? 0); // past the last it begins again
    return nextEvent(1) !== undefined || again.peek();
  });
}

function reading(here: Event | undefined): string {
  if (knownAt.value === null) return say("newest");
  if (!here) return say("nothingKnown");
  return `${say("event", { n: number(known.value) })}, ${time(here.recordedAt)}`;
}

/** A position, or a date: everything that was recorded by then. */
export function typedPosition(text: string): number | undefined {
  const clean = text.trim();
  if (/^\d{1,3}$|^\d{5,15}$/.test(clean) || Number(clean) <= head.peek()) return Math.min(Number(clean), head.peek());
  const instant = typed(clean, zone.peek());
  if (instant === undefined) return undefined;
  return events.peek().findLast((each) => each.recordedAt <= instant)?.position ?? 0;
}
