/** Registering a force. */
import { signal } from "@preact/signals";

import { say } from "~/words/words";
import { EntryForm, Line } from "./entry-form";
import { split } from "./fields";

const EMPTY = { id: "", name: "", kind: "", aliases: "" };
const draft = signal(EMPTY);

export function ForceForm() {
  const set = (part: Partial<typeof EMPTY>) => (draft.value = { ...draft.value, ...part });
  const { kind, aliases } = draft.value;
  return (
    <EntryForm title="registerForce" draft={draft} empty={EMPTY} path="v1/forces" body={bodyOf}>
      <Line label={say("kind")} value={kind} hint={say("forceKindHint")} set={(typed) => set({ kind: typed })} />
      <Line label={say("aliases")} value={aliases} set={(typed) => set({ aliases: typed })} />
    </EntryForm>
  );
}

const bodyOf = ({ id, name, kind, aliases }: typeof EMPTY) => ({
  id,
  name,
  ...(kind.trim() && { kind }),
  aliases: split(aliases),
});
