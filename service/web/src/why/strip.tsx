/** A place over time as a strip: its colours by who held it, with soft edges where the change is not known to the hour. */
import { instant } from "~/clocks/instants";
import { shownPeriod } from "~/clocks/stops";
import { colour, css, GREY } from "~/map/colours";
import { mark } from "~/map/mark";
import { at } from "~/reader";
import type { Segment } from "~/service/shapes";
import { day, say, time } from "~/words/words";
import { Emblem } from "~/map/emblem";
import { segments } from "./answers";
import { placeName, stateWords } from "./sentence";

const WIDE = 1000;

export function Strip({ place }: { place: string }) {
  const { from, to } = shownPeriod.value;
  const x = (instant: number) => (Math.max(0, Math.min(1, (instant - from) / (to - from))) * WIDE).toFixed(1);
  const parts = segments.value.map((segment) => ({
    segment,
    start: instant(segment.from),
    end: instant(segment.until, Infinity),
  }));
  return (
    <figure class="strip">
      <svg
        viewBox={`0 0 ${WIDE} 40`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say("timelineOf", { place: placeName(place) })}
      >
        <defs>
          {parts.map(({ segment }, i) => (
            <Fill key={i} id={`strip-${i}`} segment={segment} />
          ))}
        </defs>
        <rect class="nothing" width={WIDE} height="24" y="8" />
        {parts.map(({ start, end }, i) => (
          <rect
            key={i}
            x={x(start)}
            y="8"
            width={Math.max(0, Number(x(end)) - Number(x(start)))}
            height="24"
            fill={`url(#strip-${i})`}
          />
        ))}
        <rect class="hand" x={Number(x(at.value)) - 2} y="0" width="4" height="40" />
      </svg>
      <figcaption aria-hidden="true">
        <span>{day(from)}</span>
        <span>{day(to)}</span>
      </figcaption>
      <ol class="segments">
        {parts.map(({ segment, start, end }, i) => (
          <li key={i} aria-current={at.value >= start && at.value < end ? "time" : undefined}>
            <button type="button" class="plain" onClick={() => (at.value = Number.isFinite(start) ? start : end - 1)}>
              <Emblem state={segment} />
              <span>{stateWords(segment)}</span>
              <small>
                {Number.isFinite(start) && `${say("from")} ${time(start)} `}
                {Number.isFinite(end) ? `${say("until")} ${time(end)}` : say("untilNow")}
              </small>
            </button>
          </li>
        ))}
      </ol>
    </figure>
  );
}

/** What is changing runs from the one colour to the other; what is fought over is hatched. */
function Fill({ id, segment }: { id: string; segment: Segment }) {
  const { shape, first, second } = mark(segment);
  if (shape === "contested" || shape === "disputed")
    return (
      <pattern id={id} width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="14" height="14" fill={css(first)} />
        <rect width="7" height="14" fill={css(second === first ? GREY : second)} />
      </pattern>
    );
  const nothing = "var(--nothing)";
  const one = shape === "changing" && segment.before?.status === "unknown" ? nothing : css(first);
  const two = shape === "changing" && segment.after?.status === "unknown" ? nothing : css(second);
  const plain = shape === "vacated" ? "var(--vacant)" : shape === "unknown" ? nothing : css(colour(segment.holders[0]));
  return (
    <linearGradient id={id}>
      <stop offset="0" stop-color={shape === "changing" ? one : plain} />
      <stop offset="1" stop-color={shape === "changing" ? two : plain} />
    </linearGradient>
  );
}
