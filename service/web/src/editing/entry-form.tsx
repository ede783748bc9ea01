/** What every form of a registry has: a name, the id that follows from it, a button, and what came of it. */
import { type Signal, useSignal } from "@preact/signals";

import type { Word } from "~/words/en";
import { say } from "~/words/words";
import { Told } from "./outcome";
import { type Outcome, type Receipt, send } from "./sending";
import { submitting } from "./submitting";

export interface Named {
  id: string;
  name: string;
}

interface EntryForm<T extends Named> {
  title: Word;
  /** What is typed: it lives beside the form, so that nothing is lost when the form is left. */
  draft: Signal<T>;
  empty: T;
  path: string;
  body: (draft: T) => unknown;
  children: preact.ComponentChildren;
}

export function EntryForm<T extends Named>({ title, draft, empty, path, body, children }: EntryForm<T>) {
  const told = useSignal<Outcome<Receipt> | null>(null);
  const set = (part: Partial<Named>) => (draft.value = { ...draft.value, ...part });
  const { id, name } = draft.value;
  const submit = async () => {
    told.value = await send(path, body(draft.peek()), null);
    if (told.value.done) draft.value = empty;
  };
  return (
    <form class="form" onSubmit={submitting(submit)}>
      <h3>{say(title)}</h3>
      <Line
        label={say("name")}
        value={name}
        needed
        set={(typed) => set({ name: typed, id: !id || id === slug(name) ? slug(typed) : id })}
      />
      <Line label={say("id")} value={id} needed set={(typed) => set({ id: typed })} />
      {children}
      <p class="buttons">
        <button type="submit" class="main">
          {say("register")}
        </button>
      </p>
      <Told outcome={told.value} again={() => {}} />
    </form>
  );
}

export function Line({
  label,
  value,
  set,
  needed = false,
  hint,
}: {
  label: string;
  value: string;
  set: (typed: string) => void;
  needed?: boolean;
  hint?: string;
}) {
  return (
    <label>
      {label}
      <input
        value={value}
        required={needed}
        dir="auto"
        placeholder={hint}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

/** An id that fits a name. */
function slug(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 64);
}

/** What is given, without what was left empty. */
export function given(draft: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value.trim()));
}
