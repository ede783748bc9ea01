/** A button that opens a small card below it; Escape and a click elsewhere close it. */
import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";

import { Icon, type IconName } from "~/icons";

export function Popover({
  icon,
  label,
  children,
}: {
  icon: IconName;
  label: string;
  children: preact.ComponentChildren;
}) {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open.value) return;
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) open.value = false;
    };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open.value]);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open.value) return;
    open.value = false;
    button.current?.focus();
    event.stopPropagation();
  };
  return (
    <div class="popover" ref={box} onKeyDown={keys}>
      <button
        ref={button}
        type="button"
        class="round"
        title={label}
        aria-label={label}
        aria-expanded={open.value}
        aria-controls={id}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name={icon} />
      </button>
      <div class="card" id={id} hidden={!open.value} role="group" aria-label={label}>
        {open.value && children}
      </div>
    </div>
  );
}
