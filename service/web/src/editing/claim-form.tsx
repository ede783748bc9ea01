/** The form of one claim: its fields follow from its kind. */
import { say } from "~/words/words";
import { Chooser } from "./chooser";
import { byEntries, forceEntries, kindWord, ofEntries, placeEntries, reportEntries } from "./entries";
import { findReports } from "./finding";
import { BESIDE, type DraftClaim, emptyClaim, type Field, FIELDS, isMany } from "./fields";

const REGISTRIES = {
  place: placeEntries,
  places: placeEntries,
  force: forceEntries,
  forces: forceEntries,
  report: reportEntries,
  of: ofEntries,
  by: byEntries,
};

export function ClaimForm({
  claim,
  set,
  remove,
}: {
  claim: DraftClaim;
  set: (claim: DraftClaim) => void;
  remove: () => void;
}) {
  return (
    <fieldset class="claim">
      <legend>{kindWord(claim.kind)}</legend>
      <label>
        {say("kind")}
        <select value={claim.kind} onChange={(event) => set(emptyClaim(event.currentTarget.value))}>
          {Object.keys(FIELDS).map((kind) => (
            <option key={kind} value={kind}>
              {kindWord(kind)}
            </option>
          ))}
        </select>
      </label>
      {FIELDS[claim.kind]!.map((field) => (
        <FieldInput key={field.name} field={field} claim={claim} set={set} />
      ))}
      <details>
        <summary>{say("f_occurred")}</summary>
        {BESIDE.map((field) => (
          <FieldInput key={field.name} field={field} claim={claim} set={set} />
        ))}
      </details>
      <button type="button" onClick={remove}>
        {say("remove")}
      </button>
    </fieldset>
  );
}

function FieldInput({
  field: { name, type, needed },
  claim,
  set,
}: {
  field: Field;
  claim: DraftClaim;
  set: (claim: DraftClaim) => void;
}) {
  const label = say(`f_${name}` as "f_place");
  const value = claim[name];
  const change = (value: string | string[]) => set({ ...claim, [name]: value });
  if (typeof type !== "string")
    return (
      <label>
        <span>
          {label}
          {needed && <span aria-hidden="true"> *</span>}
        </span>
        <select
          value={(value as string | undefined) ?? ""}
          required={needed}
          onChange={(event) => change(event.currentTarget.value)}
        >
          <option value="">…</option>
          {type.map((each) => (
            <option key={each} value={each}>
              {say(`${name === "effect" ? "effect" : "v"}_${each}` as "v_air")}
            </option>
          ))}
        </select>
      </label>
    );
  if (type in REGISTRIES) {
    const chosen = value === undefined ? [] : typeof value === "string" ? [value].filter(Boolean) : value;
    const many = isMany(type);
    return (
      <Chooser
        label={label}
        entries={REGISTRIES[type as keyof typeof REGISTRIES].value}
        value={chosen}
        set={(ids) => change(many ? ids : (ids[0] ?? ""))}
        many={many}
        needed={needed}
        look={type === "report" ? findReports : undefined}
      />
    );
  }
  const hint =
    type === "lines" ? say("chooseMany") : type === "count" || type === "figure" ? "3, 3-5, 3+, 3-10 (5)" : undefined;
  return (
    <label>
      {label}
      <input
        value={(value as string | undefined) ?? ""}
        placeholder={hint}
        dir="auto"
        onInput={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}
