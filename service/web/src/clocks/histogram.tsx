/** How many reports there are along a clock, as bars above its slider. */
export function Histogram({ bars, label }: { bars: readonly number[]; label: string }) {
  const most = Math.max(1e-9, ...bars);
  const path = bars
    .map((bar, i) => (bar ? `M${i} 1V${(1 - Math.max(0.08, bar / most)).toFixed(3)}h.86V1Z` : ""))
    .join("");
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${Math.max(1, bars.length)} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={path} />
    </svg>
  );
}

/** Spread each window over the bars that it lies in: an uncertain time weighs little everywhere. */
export function spread(
  windows: readonly (readonly [number, number])[],
  from: number,
  to: number,
  count: number,
): number[] {
  const bars = new Array<number>(count).fill(0);
  const width = (to - from) / count;
  if (!(width > 0)) return bars;
  for (const [start, end] of windows) {
    if (end < from || start > to) continue;
    const first = Math.max(0, Math.floor((start - from) / width));
    const last = Math.min(count - 1, Math.floor((end - from) / width));
    const share = 1 / Math.max(1, Math.floor((end - from) / width) - Math.floor((start - from) / width) + 1);
    for (let i = first; i <= last; i++) bars[i]! += share;
  }
  return bars;
}
