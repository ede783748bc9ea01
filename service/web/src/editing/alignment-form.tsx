/** Aligning a force with another, over a stretch of time or always. */
import { signal, useSignal } from "@preact/signals";

import { say } from "~/words/words";
import { Chooser } from "./chooser";
import { forceEntries } from "./entries";
import { given, Line } from "./entry-form";
import { Told } from "./outcome";
import { type Outcome, type Receipt, send } from "./sending";
import { submitting } from "./submitting";

const EMPTY = { force: "", with: "", from: "", until: "" };
const draft = signal(EMPTY);

export function AlignmentForm() {
  const told = useSignal<Outcome<Receipt> | null>(null);
  const set = (part: Partial<typeof EMPTY>) => (draft.value = { ...draft.value, ...part });
  const { force, from, until } = draft.value;
  const submit = async () => {
    const { force: of, ...rest } = draft.peek();
    told.value = await send(`v1/forces/${encodeURIComponent(of)}/alignments`, given(rest), null);
    if (told.value.done) draft.value = EMPTY;
  };
  const chooser = (name: "force" | "with", label: string) => (
    <Chooser
      label={label}
      entries={forceEntries.value}
      value={[draft.value[name]].filter(Boolean)}
      set={([id]) => set({ [name]: id ?? "" })}
      needed
    />
  );
  return (
    <form class="form" onSubmit={submitting(submit)}>
      <h3>{say("registerAlignment")}</h3>
      {chooser("force", say("force"))}
      {chooser("with", say("alignedWith"))}
      <Line label={say("from")} value={from} hint="2024-12-05" set={(typed) => set({ from: typed })} />
      <Line label={say("until")} value={until} hint="2024-12-05" set={(typed) => set({ until: typed })} />
      <p class="quiet">{say("alignmentHint")}</p>
      <p class="buttons">
        <button type="submit" class="main" disabled={!force}>
          {say("register")}
        </button>
      </p>
      <Told outcome={told.value} again={() => {}} />
    </form>
  );
}
