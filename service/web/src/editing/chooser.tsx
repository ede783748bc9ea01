/** Choosing one or more entries of a registry, by name or id. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";

import { fold } from "~/places/folding";
import { say } from "~/words/words";

export interface Entry {
  id: string;
  name: string;
  names: readonly string[];
}

interface Chooser {
  label: string;
  entries: readonly Entry[];
  value: readonly string[];
  set: (value: string[]) => void;
  many?: boolean;
  needed?: boolean | undefined;
  /** Where the entries have to be looked for: told what is typed. */
  look?: ((text: string) => void) | undefined;
}

const MOST = 40;

export function Chooser({ label, entries, value, set, many = false, needed, look }: Chooser) {
  const text = useSignal("");
  const id = useId();
  const wanted = fold(text.value.trim());
  const found = entries
    .filter(
      (each) =>
        !value.includes(each.id) && (!wanted || [each.id, ...each.names].some((name) => fold(name).includes(wanted))),
    )
    .slice(0, MOST);
  const take = (typed: string): boolean => {
    const exact =
      entries.find((each) => each.id === typed) ??
      entries.find((each) => each.names.some((name) => fold(name) === fold(typed)));
    if (!exact) return false;
    set(many ? [...new Set([...value, exact.id])] : [exact.id]);
    text.value = "";
    return true;
  };
  const full = !many && value.length > 0;
  return (
    <div class="chooser">
      <label for={id}>
        <span>
          {label}
          {needed && <span aria-hidden="true"> *</span>}
        </span>
      </label>
      <div class="chips">
        {value.map((each) => (
          <span class="chip" key={each}>
            <span dir="auto">{entries.find((entry) => entry.id === each)?.name ?? each}</span>
            <button
              type="button"
              aria-label={`${say("remove")}: ${each}`}
              onClick={() => set(value.filter((other) => other !== each))}
            >
              ×
            </button>
          </span>
        ))}
        <input
          id={id}
          list={`${id}-list`}
          value={text.value}
          hidden={full}
          required={needed && value.length === 0}
          autocomplete="off"
          dir="auto"
          onInput={(event) => {
            text.value = event.currentTarget.value;
            look?.(text.value);
            if (entries.some((each) => each.id === text.value)) take(text.value);
          }}
          onChange={() => take(text.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            if (take(text.value) || (text.value && found[0] && take(found[0].id))) event.preventDefault();
          }}
        />
      </div>
      <datalist id={`${id}-list`}>
        {found.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </datalist>
    </div>
  );
}
