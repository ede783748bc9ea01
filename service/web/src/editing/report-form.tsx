/** Filing or correcting a report; what it would change is shown on the map before it is sent. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { instant } from "~/clocks/instants";
import { effectOf } from "~/differences/differences";
import { wholeById } from "~/chronology/wholes";
import { Emblem } from "~/map/emblem";
import { at } from "~/reader";
import { CREDIBILITIES } from "~/service/shapes";
import { say, time } from "~/words/words";
import { openPlace } from "~/why/opening";
import { placeName, stateWords } from "~/why/sentence";
import { Chooser } from "./chooser";
import { ClaimForm } from "./claim-form";
import { bodyOf, draft, type DraftSource, edit, emptySource, finish } from "./draft";
import { sourceEntries } from "./entries";
import { emptyClaim } from "./fields";
import { Told } from "./outcome";
import { type DryRun, type Outcome, type Receipt, send, tryOut } from "./sending";
import { submitting } from "./submitting";

export function ReportForm() {
  const told = useSignal<Outcome<Receipt> | null>(null);
  const tried = useSignal<Outcome<DryRun> | null>(null);
  const busy = useSignal(false);
  const { text, occurred, credibility, sources, claims, reason, of } = draft.value;
  useEffect(() => () => void (effectOf.value = null), []);
  const path = of ? `v1/reports/${encodeURIComponent(of.id)}/corrections` : "v1/reports";
  const submit = async (version = of?.version) => {
    busy.value = true;
    told.value = await send(
      path,
      bodyOf(draft.peek()),
      of && { id: of.id, version: version! },
      of ? undefined : draft.peek().key,
    );
    busy.value = false;
    if (!told.value.done) return;
    finish();
    tried.value = effectOf.value = null;
  };
  const dryRun = async () => {
    busy.value = true;
    tried.value = await tryOut(path, bodyOf(draft.peek()), of);
    effectOf.value = tried.value.done?.changes ?? null;
    busy.value = false;
  };
  return (
    <form class="form" onSubmit={submitting(() => submit())}>
      <h3>{of ? `${say("correct")}: ${of.id}` : say("fileReport")}</h3>
      <label>
        {say("text")}
        <textarea
          rows={4}
          required
          dir="auto"
          value={text}
          onInput={(event) => edit({ text: event.currentTarget.value })}
        />
      </label>
      <label>
        {say("occurred")}
        <input
          required
          dir="ltr"
          value={occurred}
          placeholder="2024-12-05 evening"
          title={say("occurredHint")}
          onInput={(event) => edit({ occurred: event.currentTarget.value })}
        />
        <small>{say("occurredHint")}</small>
      </label>
      <label>
        {say("credibility")}
        <select value={credibility} onChange={(event) => edit({ credibility: event.currentTarget.value })}>
          <option value="">{say("notGraded")}</option>
          {CREDIBILITIES.map((each) => (
            <option key={each} value={each}>
              {say(each)}
            </option>
          ))}
        </select>
      </label>
      {sources.map((source, i) => (
        <SourceForm
          key={i}
          source={source}
          set={(changed) => edit({ sources: sources.with(i, changed) })}
          remove={() => edit({ sources: sources.toSpliced(i, 1) })}
        />
      ))}
      <button type="button" onClick={() => edit({ sources: [...sources, emptySource()] })}>
        {say("addSource")}
      </button>
      {claims.map((claim, i) => (
        <ClaimForm
          key={i}
          claim={claim}
          set={(changed) => edit({ claims: claims.with(i, changed) })}
          remove={() => edit({ claims: claims.toSpliced(i, 1) })}
        />
      ))}
      <button type="button" onClick={() => edit({ claims: [...claims, emptyClaim("control")] })}>
        {say("addClaim")}
      </button>
      {of && (
        <label>
          {say("reason")}
          <input required dir="auto" value={reason} onInput={(event) => edit({ reason: event.currentTarget.value })} />
        </label>
      )}
      <p class="buttons">
        <button type="button" disabled={busy.value} onClick={() => void dryRun()}>
          {say("tryIt")}
        </button>
        <button type="submit" class="main" disabled={busy.value}>
          {say(of ? "sendCorrection" : "send")}
        </button>
        {of && (
          <button type="button" onClick={finish}>
            {say("cancel")}
          </button>
        )}
      </p>
      {tried.value && <Effect outcome={tried.value} />}
      <Told outcome={told.value} again={(version) => void submit(version)} yours={{ text, occurred }} />
    </form>
  );
}

function SourceForm({
  source,
  set,
  remove,
}: {
  source: DraftSource;
  set: (source: DraftSource) => void;
  remove: () => void;
}) {
  const line = (name: "citation" | "url" | "published") => (
    <label>
      {say(name)}
      <input
        value={source[name]}
        dir="auto"
        onInput={(event) => set({ ...source, [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <fieldset class="claim">
      <legend>{say("source")}</legend>
      <Chooser
        label={say("source")}
        entries={sourceEntries.value}
        value={[source.source].filter(Boolean)}
        set={([id]) => set({ ...source, source: id ?? "" })}
      />
      {line("citation")}
      {line("url")}
      {line("published")}
      <Chooser
        label={say("origin")}
        entries={sourceEntries.value}
        value={[source.origin].filter(Boolean)}
        set={([id]) => set({ ...source, origin: id ?? "" })}
      />
      <button type="button" onClick={remove}>
        {say("remove")}
      </button>
    </fieldset>
  );
}

/** What the dry run says: each place that would show something else, and from when. */
function Effect({ outcome: { done, problem } }: { outcome: Outcome<DryRun> }) {
  if (problem) {
    const missing = problem.errors?.some((each) => each.pointer === "#/dry_run");
    return missing ? <p class="notice">{say("notHere")}</p> : <Told outcome={{ problem }} again={() => {}} />;
  }
  if (!done) return null;
  return (
    <section class="effect" role="status">
      <h3>{say("effect")}</h3>
      <p class="quiet">{say(done.changes.length ? "effectHint" : "noEffect")}</p>
      <ul class="cards">
        {done.changes.map(({ place, at: from, from: was, to: is }, i) => (
          <li key={i}>
            <article class="change">
              <h3>
                <button
                  type="button"
                  class="link"
                  onClick={() => {
                    if (from) at.value = instant(from);
                    openPlace(place, true);
                  }}
                >
                  {placeName(place)}
                </button>{" "}
                {from && <small>{time(instant(from))}</small>}
              </h3>
              <p class="with-emblem">
                <small>{say("was")}</small> <Emblem state={was} /> <span>{stateWords(was)}</span>
              </p>
              <p class="with-emblem">
                <small>{say("is")}</small> <Emblem state={is} /> <span>{stateWords(is)}</span>
              </p>
            </article>
          </li>
        ))}
      </ul>
      <Beside title={say("contradicts")} ids={done.contradicts} />
      <Beside title={say("repeats")} ids={done.repeats} />
    </section>
  );
}

function Beside({ title, ids }: { title: string; ids: string[] | undefined }) {
  if (!ids?.length) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {ids.map((id) => (
          <li key={id} dir="auto">
            {wholeById(id)?.text || id}
          </li>
        ))}
      </ul>
    </>
  );
}
