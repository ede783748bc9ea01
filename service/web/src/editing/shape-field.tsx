/** The shape of a place: drawn by clicking the map, or typed as positions or GeoJSON. It is shown on the map as it grows. */
import type { Position } from "geojson";
import { useEffect, useId } from "preact/hooks";

import { camera, drawing, picking } from "~/map/camera";
import { number, say } from "~/words/words";
import { positions, shapeOf, written } from "./drawn";

interface ShapeField {
  text: string;
  outline: boolean;
  set: (part: { shape?: string; outline?: boolean }) => void;
  /** Adds a position to what is there by then. */
  add: (position: Position) => void;
}

export function ShapeField({ text, outline, set, add }: ShapeField) {
  const id = useId();
  const shape = shapeOf(text, outline);
  const line = text.trim().startsWith("{") ? undefined : positions(text);
  useEffect(() => {
    drawing.value = shape ?? null;
  }, [text, outline]);
  useEffect(() => () => void (drawing.value = null), []);
  return (
    <fieldset class="claim">
      <legend>{say("shape")}</legend>
      <div class="segmented" role="group" aria-label={say("shape")}>
        <button type="button" aria-pressed={!outline} onClick={() => set({ outline: false })}>
          {say("shapeLine")}
        </button>
        <button type="button" aria-pressed={outline} onClick={() => set({ outline: true })}>
          {say("shapeArea")}
        </button>
      </div>
      {camera.value && <Drawing line={line ?? []} add={add} set={set} />}
      <label for={id}>{say("shapeText")}</label>
      <textarea
        id={id}
        rows={4}
        dir="ltr"
        spellcheck={false}
        value={text}
        placeholder={"36.75, 35.13\n36.72, 34.73"}
        aria-invalid={shape === undefined}
        aria-describedby={`${id}-told`}
        onInput={(event) => set({ shape: event.currentTarget.value })}
      />
      <p id={`${id}-told`} class={shape === undefined ? "wrong" : "quiet"} role="status">
        {shape === undefined ? say("badShape") : line?.length ? say("positions", { n: number(line.length) }) : ""}
      </p>
    </fieldset>
  );
}

/** Each click adds a position, until the reader has done. */
function Drawing({ line, add, set }: { line: readonly Position[] } & Pick<ShapeField, "add" | "set">) {
  const on = picking.value?.what === "shape";
  return (
    <div class="buttons">
      <button
        type="button"
        aria-pressed={on}
        onClick={() => (picking.value = on ? null : { what: "shape", take: ({ lon, lat }) => add([lon, lat]) })}
      >
        {say(on ? "drawn" : "drawOnMap")}
      </button>
      {line.length > 0 && (
        <button type="button" onClick={() => set({ shape: written(line.slice(0, -1)) })}>
          {say("undoPosition")}
        </button>
      )}
    </div>
  );
}
