/** The mark of a state as a small drawing, the same that the map draws: told apart by shape, ring and hatching. */
import { useId } from "preact/hooks";

import type { State } from "~/spans/states";
import { css } from "./colours";
import { mark, type Mark } from "./mark";
import { DASHES } from "./outlines";

export function Emblem({ state, size = 18 }: { state: State; size?: number }) {
  return <Drawn drawn={mark(state)} size={size} />;
}

export function Drawn({ drawn, size = 18 }: { drawn: Mark; size?: number }) {
  return (
    <svg class="emblem" width={size} height={size} viewBox="-10 -10 20 20" aria-hidden="true">
      <Shape {...drawn} />
    </svg>
  );
}

/** The same as the map draws it of a road: told apart by its dashes. */
export function DrawnLine({ drawn: { shape, first, second } }: { drawn: Mark }) {
  const dashes = shape === "unknown" ? [] : DASHES[shape].map((each) => each * 4);
  const over =
    shape === "vacated" ? "var(--card)" : first === second && shape === "contested" ? "var(--card)" : css(second);
  return (
    <svg class="emblem" width="26" height="18" viewBox="0 -9 26 18" aria-hidden="true" fill="none">
      {shape !== "unknown" && (
        <path d="M0 0H26" stroke={shape === "contested" ? "var(--ink)" : "var(--card)"} stroke-width="7" />
      )}
      <path d="M0 0H26" stroke={css(first)} stroke-width={shape === "unknown" ? 1.6 : 4.5} />
      {shape !== "unknown" && (
        <path
          d="M0 0H26"
          stroke={over}
          stroke-width={shape === "vacated" ? 2.2 : 4.5}
          stroke-dasharray={dashes.join(" ")}
          stroke-linecap={shape === "changing" ? "round" : "butt"}
        />
      )}
    </svg>
  );
}

function Shape({ shape, first, second }: Mark) {
  const id = useId();
  const [one, two] = [css(first), css(second)];
  switch (shape) {
    case "unknown":
      return <circle r="4.2" fill="none" stroke={one} stroke-width="1.8" />;
    case "vacated":
      return (
        <g fill="none" stroke={one} stroke-width="2">
          <circle r="6.8" />
          <path d="M-4.8 4.8 4.8 -4.8" />
        </g>
      );
    case "held":
      return (
        <g>
          <circle r="7.6" fill={one} />
          {two !== one && <path d="M0 -7.6A7.6 7.6 0 0 1 0 7.6Z" fill={two} />}
        </g>
      );
    case "contested":
      return (
        <g>
          <pattern id={id} width="7.5" height="7.5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
            <rect width="7.5" height="7.5" fill={one} />
            <rect width="3.75" height="7.5" fill={two === one ? "var(--card)" : two} />
          </pattern>
          <rect
            x="-7.2"
            y="-7.2"
            width="14.4"
            height="14.4"
            fill={`url(#${id})`}
            stroke="var(--ink)"
            stroke-width="1.8"
          />
        </g>
      );
    case "disputed":
      return (
        <g>
          <path d="M0 -9 -9 0 0 9Z" fill={one} />
          <path d="M0 -9 9 0 0 9Z" fill={two} />
          <path d="M0 -9V9" stroke="var(--card)" stroke-width="1.6" />
        </g>
      );
    case "changing":
      return (
        <g>
          <path d="M0 -5.6A5.6 5.6 0 0 0 0 5.6Z" fill={one} />
          <path d="M0 -5.6A5.6 5.6 0 0 1 0 5.6Z" fill={two} />
          <circle r="8.2" fill="none" stroke="var(--ink)" stroke-width="1.8" stroke-dasharray="3.2 3.24" />
        </g>
      );
  }
}
