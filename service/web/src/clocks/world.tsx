/** The world's clock: a slider over the period, with what is said of each stretch above it. */
import { computed, useSignal } from "@preact/signals";

import { Icon } from "~/icons";
import { reports, windowOf } from "~/known";
import { at, period, zone } from "~/reader";
import { clock, day, direction, number, say, time, year, zoneName } from "~/words/words";
import { Histogram, spread } from "./histogram";
import { DAY, HOUR, MINUTE } from "./instants";
import { loop, pause, play, playing, SPEEDS, type Speed, speed } from "./play";
import { extent, nextChange, shownPeriod } from "./stops";
import { ticks } from "./ticks";
import { TypedField } from "./typed-field";
import { typed } from "./typed";
import { offset } from "./zones";

const BARS = 96;

const bars = computed(() => {
  const { from, to } = shownPeriod.value;
  return spread(reports.value.map(windowOf), from, to, BARS);
});

export function WorldClock() {
  const { from, to } = shownPeriod.value;
  const move = (to: number) => {
    pause();
    at.value = to;
  };
  return (
    <section class="clock world" aria-label={say("world")}>
      <header>
        <h2>{say("world")}</h2>
        <output class="reading">
          {time(at.value)} <small>{zoneName(at.value)}</small>
        </output>
        <TypedField
          label={say("typeDate")}
          hint={say("typeDateHint")}
          bad={say("badDate")}
          read={(text) => typed(text, zone.value)}
          take={move}
        />
      </header>
      <div class="track">
        <Histogram bars={bars.value} label={say("reportsAt", { n: number(reports.value.length) })} />
        <input
          type="range"
          min={0}
          max={to - from}
          step={Math.max(MINUTE, Math.round((to - from) / 5000 / MINUTE) * MINUTE)}
          value={Math.min(to, Math.max(from, at.value)) - from}
          aria-label={`${say("world")}: ${say("worldAbout")}`}
          aria-valuetext={time(at.value)}
          onInput={(event) => move(from + event.currentTarget.valueAsNumber)}
        />
        <Ticks from={from} to={to} />
      </div>
      <Transport move={move} />
    </section>
  );
}

function Ticks({ from, to }: { from: number; to: number }) {
  const { at, by } = ticks(from, to, zone.value);
  const label = { time: hourOrDay, day, month: year }[by];
  return (
    <svg class="ticks" aria-hidden="true" height="18">
      {at.map((each) => {
        const part = (each - from) / (to - from);
        const there = `${((direction.value === "rtl" ? 1 - part : part) * 100).toFixed(2)}%`;
        return (
          <g key={each}>
            <rect x={there} width="1" height="4" />
            <text x={there} y="14">
              {label(each)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** The time, or the day where one begins. */
const hourOrDay = (at: number): string => ((at + offset(at, zone.value)) % DAY ? clock(at) : day(at));

function Transport({ move }: { move: (to: number) => void }) {
  const before = nextChange(at.value, -1);
  const after = nextChange(at.value, 1);
  return (
    <div class="transport">
      <button
        type="button"
        class="round"
        title={say("lastChange")}
        aria-label={say("lastChange")}
        disabled={before === undefined}
        onClick={() => move(before!)}
      >
        <Icon name="last" flip />
      </button>
      <button
        type="button"
        class="round main"
        title={say(playing.value ? "pause" : "play")}
        aria-label={say(playing.value ? "pause" : "play")}
        onClick={() => (playing.value ? pause() : play())}
      >
        <Icon name={playing.value ? "pause" : "play"} flip />
      </button>
      <button
        type="button"
        class="round"
        title={say("nextChange")}
        aria-label={say("nextChange")}
        disabled={after === undefined}
        onClick={() => move(after!)}
      >
        <Icon name="next" flip />
      </button>
      <button
        type="button"
        class="round"
        title={say("loop")}
        aria-label={say("loop")}
        aria-pressed={loop.value}
        onClick={() => (loop.value = !loop.value)}
      >
        <Icon name="loop" />
      </button>
      <select
        aria-label={say("speed")}
        value={speed.value}
        onChange={(event) => (speed.value = event.currentTarget.value as Speed)}
      >
        {(Object.keys(SPEEDS) as Speed[]).map((each) => (
          <option key={each} value={each}>
            {say(each)}
          </option>
        ))}
      </select>
      <Ranges />
    </div>
  );
}

function Ranges() {
  const chosen = useSignal("rangeAll");
  const around = (length: number) => {
    const middle = at.peek();
    return { from: middle - length / 2, to: middle + length / 2 };
  };
  const ranges = { rangeAll: null, rangeMonth: 30 * DAY, rangeWeek: 7 * DAY, rangeDay: 24 * HOUR } as const;
  const now = period.value === null ? "rangeAll" : chosen.value;
  const choose = (name: keyof typeof ranges) => {
    chosen.value = name;
    period.value = ranges[name] === null ? null : around(ranges[name]);
    const { from, to } = extent.peek();
    if (!period.peek() && (at.peek() < from || at.peek() > to)) at.value = to;
  };
  const names = Object.keys(ranges) as (keyof typeof ranges)[];
  return (
    <>
      <select
        class="only-narrow"
        aria-label={say("range")}
        value={now}
        onChange={(event) => choose(event.currentTarget.value as keyof typeof ranges)}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {say(name)}
          </option>
        ))}
      </select>
      <div class="segmented" role="group" aria-label={say("range")}>
        {names.map((name) => (
          <button type="button" key={name} aria-pressed={now === name} onClick={() => choose(name)}>
            {say(name)}
          </button>
        ))}
      </div>
    </>
  );
}
