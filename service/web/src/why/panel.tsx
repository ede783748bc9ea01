/** "Why?": who held a place, since when and how surely, on what evidence, and how that came to be known. */
import { useLayoutEffect, useRef } from "preact/hooks";

import { events } from "~/clocks/events";
import { know } from "~/clocks/knowledge";
import { Icon } from "~/icons";
import { known, placeById, placeNumbers } from "~/known";
import { flyTo } from "~/map/camera";
import { Emblem } from "~/map/emblem";
import { nameOf, otherName } from "~/map/names";
import { spotById } from "~/map/places";
import { at, knownAt, LENSES, lens, place } from "~/reader";
import { ReportCard } from "~/chronology/report-card";
import { wholeById } from "~/chronology/wholes";
import type { Answer } from "~/service/shapes";
import { AsData } from "~/sharing/links";
import { whyViews } from "~/sharing/views";
import { current, knowledgeSheet, states, validSheet } from "~/spans/sheets";
import { ABSENT, type State } from "~/spans/states";
import { number, say, time, zoneName } from "~/words/words";
import { answer, byLens, fresh, pending, problem } from "./answers";
import { closePlace, openPlace } from "./opening";
import { placeName, sentence, stateWords, sureness } from "./sentence";
import { Strip } from "./strip";

export function WhyPanel() {
  const id = place.value;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  if (!id) return null;
  const found = placeById.value.get(id);
  const state = states.all[current.value[placeNumbers.value.get(id) ?? -1] ?? ABSENT]!;
  return (
    <aside class="why" aria-label={say("why")} onKeyDown={(event) => event.key === "Escape" && closePlace()}>
      <header>
        <Emblem state={state} size={30} />
        <div>
          <h2 ref={heading} tabIndex={-1}>
            <bdi>{found ? nameOf(found) : id}</bdi>
          </h2>
          {found && otherName(found) && (
            <p class="other-name">
              <bdi>{otherName(found)}</bdi>
            </p>
          )}
        </div>
        {found && (
          <button
            type="button"
            class="round"
            title={say("flyThere")}
            aria-label={say("flyThere")}
            onClick={() => flyTo(id)}
          >
            <Icon name="fit" />
          </button>
        )}
        <button type="button" class="round" title={say("close")} aria-label={say("close")} onClick={closePlace}>
          <Icon name="close" />
        </button>
      </header>
      <div class="why-body" aria-busy={!fresh.value}>
        <Sentence answer={now(id, state)} />
        {found && spotById.value.get(id)?.drawn === false && <p class="quiet">{say("notDrawn")}</p>}
        {problem.value && <p class="notice">{problem.value.status === 0 ? say("offline") : problem.value.detail}</p>}
        {answer.value?.place === id && <Told answer={answer.value} />}
      </div>
    </aside>
  );
}

/** The answer, once it is there for the clocks as they stand; before that, what the spans say of it. */
function now(id: string, state: State): Answer {
  if (fresh.value && answer.value) return answer.value;
  const evidence = {
    last_confirmed: null,
    basis: [],
    dissent: [],
    unconfirmed: [],
    inherited_from: null,
    exceptions: [],
  };
  const span = validSheet.value?.span(placeNumbers.value.get(id) ?? -1, at.value) ?? -1;
  const since = span < 0 ? null : validSheet.value!.surety(span).since;
  return { place: id, ...state, ...evidence, since, credibility: null };
}

function Sentence({ answer }: { answer: Answer }) {
  return (
    <>
      <p class="asked">
        {say("atTime", { time: `${time(at.value)} ${zoneName(at.value)}` })}
        {knownAt.value !== null && `, ${say("asKnown", { n: number(known.value) })}`}
      </p>
      <p class="sentence" aria-live="polite" dir="auto">
        {sentence(answer)}
      </p>
      {sureness(answer).map((each) => (
        <p class="surely" key={each}>
          {each}
        </p>
      ))}
    </>
  );
}

function Told({ answer }: { answer: Answer }) {
  return (
    <>
      <Evidence title={say("changingEvidence")} ids={answer.status === "changing" ? pending.value : []} />
      <Evidence title={say("evidence")} ids={answer.basis} />
      <Evidence title={say("dissent")} ids={answer.dissent} />
      <Evidence title={say("unconfirmed")} ids={answer.unconfirmed} />
      <section>
        <h3>{say("timeline")}</h3>
        <Strip place={answer.place} />
      </section>
      <AsReportsCame place={answer.place} />
      <Lenses />
      {answer.exceptions.length > 0 && <Inside ids={answer.exceptions} />}
      <AsData views={whyViews.value} />
    </>
  );
}

function Evidence({ title, ids }: { title: string; ids: readonly string[] }) {
  if (!ids.length) return null;
  return (
    <section>
      <h3>
        {title} <span class="count">{number(ids.length)}</span>
      </h3>
      <ul class="cards">
        {ids.map((id) => {
          const report = wholeById(id);
          return <li key={id}>{report ? <ReportCard report={report} /> : <code dir="ltr">{id}</code>}</li>;
        })}
      </ul>
    </section>
  );
}

/** Each event that changed the answer for this instant, and what it was then. */
function AsReportsCame({ place }: { place: string }) {
  const sheet = knowledgeSheet.value;
  const i = placeNumbers.value.get(place);
  if (!sheet || i === undefined) return null;
  const spans = Array.from({ length: sheet.offsets[i + 1]! - sheet.offsets[i]! }, (_, n) => sheet.offsets[i]! + n);
  const steps = spans.map((span) => ({ position: sheet.starts[span]!, state: states.all[sheet.states[span]!]! }));
  const recorded = new Map(events.value.map((event) => [event.position, event.recordedAt]));
  return (
    <section>
      <h3>{say("asReportsCame")}</h3>
      {steps.length === 0 && <p>{say("noChangeYet")}</p>}
      <ol class="segments">
        {steps.map(({ position, state }, n) => {
          const here = known.value >= position && !(steps[n + 1] && known.value >= steps[n + 1]!.position);
          return (
            <li key={position} aria-current={here ? "step" : undefined}>
              <button type="button" class="plain" onClick={() => know(position)}>
                <Emblem state={state} />
                <span>{stateWords(state)}</span>
                <small>
                  {position === 0 ? say("nothingKnown") : say("event", { n: number(position) })}
                  {recorded.has(position) && `, ${time(recorded.get(position)!)}`}
                </small>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Lenses() {
  return (
    <section>
      <h3>{say("lensesSay")}</h3>
      <ul class="segments">
        {LENSES.map((each) => {
          const told = byLens.value[each];
          return (
            <li key={each} aria-current={lens.value === each ? "true" : undefined}>
              <button type="button" class="plain" title={say(`lensAbout_${each}`)} onClick={() => (lens.value = each)}>
                {told && <Emblem state={told} />}
                <span>{told ? stateWords(told) : "…"}</span>
                <small>{say(`lens_${each}`)}</small>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Inside({ ids }: { ids: readonly string[] }) {
  return (
    <section>
      <h3>{say("inside")}</h3>
      <p class="links">
        {ids.map((id) => (
          <button type="button" key={id} class="link" onClick={() => openPlace(id)}>
            {placeName(id)}
          </button>
        ))}
      </p>
    </section>
  );
}
