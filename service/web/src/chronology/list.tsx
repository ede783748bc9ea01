/** The reports as a list in step with the clocks: what has happened, what may be happening, what is still to come. */
import { computed, effect, signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { forces, listing, places, reports, sources, windowOf } from "~/known";
import { nameOf } from "~/map/names";
import { at, narrow, words } from "~/reader";
import type { Brief } from "~/service/shapes";
import { list, number, say } from "~/words/words";
import { matching, refused, searching } from "./matching";
import { ReportCard, windowWords } from "./report-card";
import { whole } from "./wholes";

const PAGE = 100;
const STEP = 25;
const most = signal(PAGE);
/** How many more are shown before those. */
const earlier = signal(0);
/** Whether the finer filters are unfolded. */
const narrowing = signal(false);

const KINDS = [
  "control",
  "clash",
  "strike",
  "casualties",
  "movement",
  "operation",
  "presence",
  "agreement",
  "joining",
  "denial",
] as const;

/** The world's clock; a list that is too long to be drawn at each step waits until it rests. */
const rested = signal(at.value);
let timer = 0;
effect(() => {
  const now = at.value;
  clearTimeout(timer);
  if (matching.value.length <= PAGE) rested.value = now;
  else timer = window.setTimeout(() => (rested.value = now), 150);
});

function stands(report: Brief, now: number): "past" | "open" | "coming" {
  const [from, to] = windowOf(report);
  return from > now ? "coming" : to > now ? "open" : "past";
}

/** The report that happened last: where the list is read on from. */
const latest = computed(() => {
  const now = rested.value;
  return Math.max(
    0,
    matching.value.findLastIndex((report) => windowOf(report)[1] <= now),
  );
});

/** Where a long list is shown from: it moves with the clock, by some at a time. */
const first = computed(() =>
  matching.value.length <= PAGE ? 0 : Math.max(0, Math.floor((latest.value - PAGE / 2) / STEP) * STEP),
);

export function Chronology() {
  const box = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (box.current) showLatest(box.current);
  }, [latest.value]);
  useEffect(() => {
    const watch = new ResizeObserver(() => box.current && showLatest(box.current)); // texts come, and cards grow
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  const start = Math.max(0, first.value - earlier.value);
  const found = matching.value.slice(start, first.value + most.value);
  const current = matching.value[latest.value];
  return (
    <>
      <div class="stuck">
        <h2 class="panel-title">{say("reports")}</h2>
        <Filters />
        <p class="quiet" role="status">
          {listing.value || searching.value
            ? say("loading")
            : say("reportCount", { n: number(matching.value.length), of: number(reports.value.length) })}
        </p>
      </div>
      {refused.value && (
        <p class="notice" role="alert">
          {refused.value.status === 0 ? say("offline") : refused.value.detail}
        </p>
      )}
      {!refused.value && !listing.value && !searching.value && matching.value.length === 0 && (
        <p class="notice">{say(reports.value.length ? "noReports" : "noReportsYet")}</p>
      )}
      {start > 0 && (
        <button type="button" onClick={() => (earlier.value += PAGE)}>
          {say("earlier", { n: number(Math.min(PAGE, start)) })}
        </button>
      )}
      <ol class="cards chronology" ref={box}>
        {found.map((report) => (
          <Item key={report.id} report={report} stand={stands(report, rested.value)} latest={report === current} />
        ))}
      </ol>
      {matching.value.length > start + found.length && (
        <More left={matching.value.length - start - found.length} key={most.value} />
      )}
    </>
  );
}

/** Scroll the list to the report that happened last, unless the reader is in it. */
function showLatest(box: HTMLElement): void {
  const wanted = box.querySelector<HTMLElement>("[data-latest]");
  const scroller = box.closest<HTMLElement>(".panel-body");
  if (!wanted || !scroller || scroller.matches(":focus-within, :hover")) return;
  const { top, bottom } = scroller.getBoundingClientRect();
  const head = scroller.querySelector(".stuck")?.getBoundingClientRect().bottom ?? top;
  const card = wanted.getBoundingClientRect();
  if (card.top < head || card.bottom > bottom) scroller.scrollTop += card.top - head - (bottom - head) * 0.15;
}

/** The next of a long list; whoever scrolls to it needs not ask. */
function More({ left }: { left: number }) {
  const button = useRef<HTMLButtonElement>(null);
  const more = () => (most.value += PAGE);
  useEffect(() => {
    const watch = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && more());
    watch.observe(button.current!);
    return () => watch.disconnect();
  }, []);
  return (
    <button type="button" ref={button} onClick={more}>
      {say("more", { n: number(Math.min(PAGE, left)) })}
    </button>
  );
}

/** A step of the clock changes how reports stand, and none of the reports: their cards are kept. */
function Item({ report, stand, latest }: { report: Brief; stand: string; latest: boolean }) {
  const read = whole(report);
  const card = useMemo(() => (read ? <ReportCard report={read} /> : <Coming report={report} />), [read, report]);
  return (
    <li class={stand} data-latest={latest || undefined} aria-current={latest ? "time" : undefined}>
      {card}
    </li>
  );
}

/** What is known of a report before its text is there. */
function Coming({ report }: { report: Brief }) {
  return (
    <article class="report coming-in" data-id={report.id} aria-busy="true">
      <p class="quiet">{windowWords(report.window)}</p>
      <p class="quiet">{say("loading")}</p>
    </article>
  );
}

function Filters() {
  const set = (name: keyof typeof narrow.value) => (value: string) => {
    narrow.value = { ...narrow.value, [name]: value };
    most.value = PAGE;
  };
  const { place, force, source, kind } = narrow.value;
  const any = words.value || place || force || source || kind;
  return (
    <form
      class="filters"
      role="search"
      aria-label={list([say("reports")])}
      onSubmit={(event) => event.preventDefault()}
    >
      <input
        type="search"
        value={words.value}
        placeholder={say("filterWords")}
        aria-label={say("filterWords")}
        onInput={(event) => (words.value = event.currentTarget.value)}
      />
      <details open={narrowing.value || !!(place || force || source || kind)}>
        <summary
          onClick={(event) => {
            event.preventDefault(); // the browser tells of a toggle too late: a choice made at once would close it
            narrowing.value = !narrowing.value;
          }}
        >
          {say("narrow")}
        </summary>
        <Choice
          label={say("place")}
          any={say("anyPlace")}
          value={place}
          set={set("place")}
          options={places.value.map((each) => [each.id, nameOf(each)])}
        />
        <Choice
          label={say("force")}
          any={say("anyForce")}
          value={force}
          set={set("force")}
          options={forces.value.map((each) => [each.id, nameOf(each)])}
        />
        <Choice
          label={say("source")}
          any={say("anySource")}
          value={source}
          set={set("source")}
          options={sources.value.map((each) => [each.id, each.name])}
        />
        <Choice
          label={say("kind")}
          any={say("anyKind")}
          value={kind}
          set={set("kind")}
          options={KINDS.map((each) => [each, say(`k_${each}`)])}
        />
      </details>
      {any && (
        <button
          type="button"
          onClick={() => {
            words.value = "";
            narrow.value = { place: "", force: "", source: "", kind: "" };
          }}
        >
          {say("clear")}
        </button>
      )}
    </form>
  );
}

function Choice({
  label,
  any,
  value,
  set,
  options,
}: {
  label: string;
  any: string;
  value: string;
  set: (value: string) => void;
  options: string[][];
}) {
  return (
    <select aria-label={label} value={value} onChange={(event) => set(event.currentTarget.value)}>
      <option value="">{any}</option>
      {options.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
