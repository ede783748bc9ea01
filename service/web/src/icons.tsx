/** The page's own signs, each a path on a square of 24. */
const PATHS = {
  play: "M7 4.5v15l13-7.5z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  next: "M5 5v14l9-7zM16 5h3v14h-3z",
  last: "M19 5v14l-9-7zM5 5h3v14H5z",
  newest: "M4 5v14l8-7zM12 5v14l8-7z",
  loop: "M17 3l4 4-4 4V8H8a3 3 0 0 0-3 3v1H3v-1a5 5 0 0 1 5-5h9zM7 21l-4-4 4-4v3h9a3 3 0 0 0 3-3v-1h2v1a5 5 0 0 1-5 5H7z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.4z",
  plus: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  minus: "M5 11h14v2H5z",
  fit: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
  share:
    "M17 3a3 3 0 1 1-2.4 4.8L9.4 11a3 3 0 0 1 0 2l5.2 3.2a3 3 0 1 1-.9 1.7l-5.3-3.2a3 3 0 1 1 0-5.4l5.3-3.2A3 3 0 0 1 17 3z",
  gear: "M10.5 3h3l.5 2.4 1.6.7 2.1-1.4 2.1 2.1-1.4 2.1.7 1.6 2.4.5v3l-2.4.5-.7 1.6 1.4 2.1-2.1 2.1-2.1-1.4-1.6.7-.5 2.4h-3l-.5-2.4-1.6-.7-2.1 1.4-2.1-2.1 1.4-2.1-.7-1.6L2.5 14v-3l2.4-.5.7-1.6-1.4-2.1 2.1-2.1 2.1 1.4 1.6-.7zM12 9a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  mapSign: "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zm6 .2v9.9l6 2V8.2z",
  list: "M4 6h2v2H4zM8 6h12v2H8zM4 11h2v2H4zM8 11h12v2H8zM4 16h2v2H4zM8 16h12v2H8z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18, flip = false }: { name: IconName; size?: number; flip?: boolean }) {
  return (
    <svg class={flip ? "icon flips" : "icon"} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} fill-rule="evenodd" />
    </svg>
  );
}
