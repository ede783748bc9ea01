/** Holdings over time: a stacked area, a colour and a hatching for each side; below it the same as numbers. */
import { computed } from "@preact/signals";

import { shownPeriod } from "~/clocks/stops";
import { colour, css } from "~/map/colours";
import { counts } from "~/map/legend";
import { allSpots, holderKeys } from "~/map/places";
import { at } from "~/reader";
import { AsData } from "~/sharing/links";
import { holdingsViews } from "~/sharing/views";
import { states, validSheet } from "~/spans/sheets";
import { day, number, say, time } from "~/words/words";
import { forceName } from "~/why/sentence";
import { areas } from "./areas";

const WIDE = 600;
const TALL = 260;
const TURNS = [0, 45, 90, 135, 20, 70, 110, 160];

const stacked = computed(() =>
  validSheet.value ? areas(validSheet.value, states, holderKeys, (place) => !!allSpots.value[place]?.counted) : null,
);

export function HoldingsPanel() {
  const found = stacked.value;
  if (!found) return <p class="notice">{say("loading")}</p>;
  const { from, to } = shownPeriod.value;
  const totals = found.times.map((_, i) => found.held.reduce((sum, each) => sum + each[i]!, 0));
  const most = Math.max(1, ...totals);
  const x = (at: number) => (Math.max(0, Math.min(1, (at - from) / (to - from))) * WIDE).toFixed(1);
  const y = (count: number) => (TALL - (count / most) * TALL).toFixed(1);
  const bottom = found.times.map(() => 0);
  const shapes = found.sides.map((side, s) => {
    const below = [...bottom];
    found.held[s]!.forEach((count, i) => (bottom[i]! += count));
    return { side, s, path: outline(found.times, below, bottom, to, x, y) };
  });
  return (
    <>
      <p>{say("holdingsAbout")}</p>
      <figure class="areas">
        <svg viewBox={`0 0 ${WIDE} ${TALL}`} preserveAspectRatio="none" role="img" aria-label={say("holdingsAbout")}>
          <defs>
            {shapes.map(({ side, s }) => (
              <pattern
                key={side}
                id={`area-${s}`}
                width="9"
                height="9"
                patternUnits="userSpaceOnUse"
                patternTransform={`rotate(${TURNS[s % TURNS.length]})`}
              >
                <rect width="9" height="9" fill={css(colour(side))} />
                <rect width="1.4" height="9" fill="#fff" opacity=".55" />
              </pattern>
            ))}
          </defs>
          {shapes.map(({ side, s, path }) => (
            <path key={side} d={path} fill={`url(#area-${s})`} stroke={css(colour(side))} />
          ))}
          <rect class="hand" x={Number(x(at.value)) - 1} y="0" width="2" height={TALL} />
        </svg>
        <span class="most" aria-hidden="true">
          {number(most)}
        </span>
        <figcaption aria-hidden="true">
          <span>{day(from)}</span>
          <span>{day(to)}</span>
        </figcaption>
      </figure>
      <table>
        <caption>{say("tableCaption", { time: time(at.value) })}</caption>
        <tbody>
          {shapes.map(({ side, s }) => (
            <tr key={side}>
              <th scope="row">
                <span class="with-emblem">
                  <svg class="emblem" width="18" height="18" aria-hidden="true">
                    <rect width="18" height="18" rx="3" fill={`url(#area-${s})`} />
                  </svg>
                  {forceName(side)}
                </span>
              </th>
              <td>{number(counts.value.get(`force:${side}`) ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{say("holdingsHint")}</p>
      <AsData views={holdingsViews.value} />
    </>
  );
}

/** A shape of steps between two heights. */
function outline(
  times: number[],
  low: number[],
  high: number[],
  to: number,
  x: (at: number) => string,
  y: (count: number) => string,
): string {
  const ends = (i: number) => x(times[i + 1] ?? to);
  const there = times.map((at, i) => `${x(at)} ${y(high[i]!)} ${ends(i)} ${y(high[i]!)}`);
  const back = times.map((at, i) => `${ends(i)} ${y(low[i]!)} ${x(at)} ${y(low[i]!)}`).reverse();
  return there.length ? `M${[...there, ...back].join(" ")}Z` : "";
}
