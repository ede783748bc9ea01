/** What is different: since a time on either clock, or under another lens. */
import { useSignal } from "@preact/signals";

import { know, typedPosition } from "~/clocks/knowledge";
import { typed } from "~/clocks/typed";
import { TypedField } from "~/clocks/typed-field";
import { wholeById } from "~/chronology/wholes";
import { known } from "~/known";
import { Emblem } from "~/map/emblem";
import { at, beside, LENSES, type Lens, lens, since, zone } from "~/reader";
import type { Answer, Problem } from "~/service/shapes";
import { AsData } from "~/sharing/links";
import { differencesViews } from "~/sharing/views";
import { number, say, time } from "~/words/words";
import { openPlace } from "~/why/opening";
import { placeName, stateWords } from "~/why/sentence";
import { type Change, changes, problem } from "./differences";

export function DifferencesPanel() {
  return (
    <>
      <Since />
      <Lenses />
      {(since.value || beside.value) && (problem.value ? <Refused problem={problem.value} /> : <Found />)}
      <AsData views={differencesViews.value} />
    </>
  );
}

function Refused({ problem: { status, detail } }: { problem: Problem }) {
  return (
    <p class="notice" role="alert">
      {status === 0 ? say("offline") : status === 404 ? say("notHere") : detail}
    </p>
  );
}

function Since() {
  const axis = useSignal<"valid" | "knowledge">(since.value?.axis ?? "valid");
  const set = (from: number) => {
    beside.value = null;
    since.value = { axis: axis.value, from };
  };
  const chosen = since.value;
  return (
    <fieldset class="form">
      <legend>{say("changedSince")}</legend>
      <div class="segmented" role="group" aria-label={say("axis")}>
        {(["valid", "knowledge"] as const).map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={axis.value === each}
            onClick={() => {
              axis.value = each;
              if (since.value && since.value.axis !== each) since.value = null;
            }}
          >
            {say(`axis_${each}`)}
          </button>
        ))}
      </div>
      {axis.value === "valid" ? (
        <TypedField
          label={say("from_")}
          hint={say("typeDateHint")}
          bad={say("badDate")}
          read={(text) => typed(text, zone.peek())}
          take={set}
        />
      ) : (
        <TypedField
          label={say("fromEvent")}
          hint={say("typeDateHint")}
          bad={say("badPosition")}
          read={typedPosition}
          take={set}
        />
      )}
      <button type="button" onClick={() => set(axis.value === "valid" ? at.peek() : known.peek())}>
        {say("markHere")}
      </button>
      {chosen && (
        <p class="between">
          <button
            type="button"
            class="link"
            onClick={() => (chosen.axis === "valid" ? (at.value = chosen.from) : know(chosen.from))}
          >
            {chosen.axis === "valid" ? time(chosen.from) : say("event", { n: number(chosen.from) })}
          </button>
          {` ${say("arrow")} `}
          {chosen.axis === "valid" ? time(at.value) : say("event", { n: number(known.value) })}{" "}
          <button type="button" class="link" onClick={() => (since.value = null)}>
            {say("stop")}
          </button>
        </p>
      )}
    </fieldset>
  );
}

function Lenses() {
  return (
    <fieldset class="form">
      <legend>{say("twoLenses")}</legend>
      <label>
        {say("otherLens")}
        <select
          value={beside.value ?? ""}
          onChange={(event) => {
            since.value = null;
            beside.value = (event.currentTarget.value || null) as Lens | null;
          }}
        >
          <option value="">{say("none")}</option>
          {LENSES.filter((each) => each !== lens.value).map((each) => (
            <option key={each} value={each}>
              {say(`lens_${each}`)}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}

function Found() {
  const found = changes.value;
  if (!found) return <p class="notice">{say("loading")}</p>;
  const [was, is] = beside.value ? [say(`lens_${lens.value}`), say(`lens_${beside.value}`)] : [say("was"), say("is")];
  return (
    <>
      <p role="status">{found.length ? say("nDifferences", { n: number(found.length) }) : say("noDifferences")}</p>
      <ul class="cards">
        {found.map((change) => (
          <li key={change.place}>
            <article class="change">
              <h3>
                <button type="button" class="link" onClick={() => openPlace(change.place, true)}>
                  {placeName(change.place)}
                </button>
              </h3>
              <Side word={was} answer={change.before} />
              <Side word={is} answer={change.after} />
              <Because change={change} />
            </article>
          </li>
        ))}
      </ul>
    </>
  );
}

function Side({ word, answer }: { word: string; answer: Answer | null }) {
  return (
    <p class="with-emblem">
      <small>{word}</small>
      {answer ? <Emblem state={answer} /> : null}
      <span>{answer ? stateWords(answer) : say("nothingKnown")}</span>
    </p>
  );
}

/** Texts are fetched for who unfolds them. */
function Because({ change: { because } }: { change: Change }) {
  const open = useSignal(false);
  if (!because.length) return null;
  return (
    <details onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>
        {say("because")} <span class="count">{number(because.length)}</span>
      </summary>
      <ul>
        {open.value &&
          because.map((id) => (
            <li key={id} dir="auto">
              {wholeById(id)?.text || id}
            </li>
          ))}
      </ul>
    </details>
  );
}
