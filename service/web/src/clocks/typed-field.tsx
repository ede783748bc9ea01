/** A field for a time as readers type it. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";

interface Field {
  label: string;
  hint: string;
  bad: string;
  read: (text: string) => number | undefined;
  take: (value: number) => void;
}

export function TypedField({ label, hint, bad, read, take }: Field) {
  const text = useSignal("");
  const wrong = useSignal(false);
  const id = useId();
  const go = (event: Event) => {
    event.preventDefault();
    if (!text.value.trim()) return;
    const found = read(text.value);
    wrong.value = found === undefined;
    if (found === undefined) return;
    take(found);
    text.value = "";
  };
  return (
    <form class="typed" onSubmit={go} noValidate>
      <input
        type="text"
        dir="ltr"
        value={text.value}
        placeholder={label}
        title={hint}
        aria-label={`${label}, ${hint}`}
        aria-invalid={wrong.value}
        aria-describedby={wrong.value ? id : undefined}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          wrong.value = false;
        }}
      />
      {wrong.value && (
        <span id={id} class="wrong" role="alert">
          {bad}
        </span>
      )}
    </form>
  );
}
