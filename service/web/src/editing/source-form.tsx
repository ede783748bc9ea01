/** Registering a source. */
import { signal } from "@preact/signals";

import { say } from "~/words/words";
import { Chooser } from "./chooser";
import { forceEntries } from "./entries";
import { EntryForm, given, Line } from "./entry-form";

const GRADES = ["A", "B", "C", "D", "E", "F"] as const;
const EMPTY = { id: "", name: "", kind: "", reliability: "", affiliation: "" };
const draft = signal(EMPTY);

export function SourceForm() {
  const set = (part: Partial<typeof EMPTY>) => (draft.value = { ...draft.value, ...part });
  const { kind, reliability, affiliation } = draft.value;
  return (
    <EntryForm title="registerSource" draft={draft} empty={EMPTY} path="v1/sources" body={given}>
      <Line label={say("kind")} value={kind} hint={say("sourceKindHint")} set={(typed) => set({ kind: typed })} />
      <label>
        {say("reliability")}
        <select value={reliability} onChange={(event) => set({ reliability: event.currentTarget.value })}>
          <option value="">{say("reliabilityNone")}</option>
          {GRADES.map((each) => (
            <option key={each} value={each}>
              {each}: {say(`reliability_${each}`)}
            </option>
          ))}
        </select>
      </label>
      <Chooser
        label={say("affiliation")}
        entries={forceEntries.value}
        value={[affiliation].filter(Boolean)}
        set={([id]) => set({ affiliation: id ?? "" })}
      />
    </EntryForm>
  );
}
