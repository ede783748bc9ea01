/**
 * A sheet: the spans of every place along one clock, the other clock and the policy held still. It is folded from the
 * frames of a replay; then what every place shows at any stop of the clock is a search in a typed array.
 */
import type { Instant } from "~/clocks/instants";
import { instant } from "~/clocks/instants";
import type { Frame } from "~/service/shapes";
import { ABSENT, type States, type Surety, UNKNOWN } from "./states";

/** Valid time runs in microseconds, knowledge in positions. */
export type Axis = "valid" | "knowledge";

export class Sheet {
  constructor(
    /** For each place, where its spans begin in `starts` and `states`; one more for the end. */
    readonly offsets: Uint32Array,
    readonly starts: Float64Array,
    readonly states: Uint32Array,
    readonly sureties: readonly Surety[],
    /** Where anything changes, each once, in order. */
    readonly changes: Float64Array,
  ) {}

  get spans(): number {
    return this.starts.length;
  }

  /** The index of a place's span at a stop; -1 before its first. */
  span(place: number, stop: Instant): number {
    const first = this.offsets[place]!;
    let low = first;
    let high = this.offsets[place + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= stop) low = middle + 1;
      else high = middle;
    }
    return low > first ? low - 1 : -1;
  }

  /** The number of what every place shows at a stop, written into `into`. */
  read(stop: Instant, into: Uint32Array, before: number): void {
    for (let place = 0; place < this.offsets.length - 1; place++) {
      const span = this.span(place, stop);
      const told = this.offsets[place] !== this.offsets[place + 1]; // the first frame tells of every place that is known of
      into[place] = span >= 0 ? this.states[span]! : told ? before : ABSENT;
    }
  }
}

/** Takes the frames of a replay one by one; `places` gives each place its number. */
export class Folding {
  private readonly starts: number[][];
  private readonly numbers: number[][];
  private readonly sureties: Surety[][];
  private readonly changes: number[] = [];

  constructor(
    private readonly axis: Axis,
    private readonly places: ReadonlyMap<string, number>,
    private readonly states: States,
  ) {
    const empty = () => Array.from({ length: places.size }, () => []);
    [this.starts, this.numbers, this.sureties] = [empty(), empty(), empty()];
  }

  add(frame: Frame): void {
    const stop = this.axis === "valid" ? instant(frame.at) : frame.known_at;
    if (frame.places.length && this.changes.at(-1) !== stop) this.changes.push(stop);
    for (const answer of frame.places) {
      const place = this.places.get(answer.place);
      if (place === undefined) continue;
      this.starts[place]!.push(stop);
      this.numbers[place]!.push(this.states.number(answer));
      this.sureties[place]!.push({ credibility: answer.credibility, since: answer.since });
    }
  }

  finish(): Sheet {
    const offsets = new Uint32Array(this.starts.length + 1);
    this.starts.forEach((each, place) => (offsets[place + 1] = offsets[place]! + each.length));
    const changes = Float64Array.from(this.changes);
    return new Sheet(
      offsets,
      Float64Array.from(this.starts.flat()),
      Uint32Array.from(this.numbers.flat()),
      this.sureties.flat(),
      changes,
    );
  }
}

/** What a place shows before the first frame of a sheet: nothing was known of it, or it was not there. */
export const BEFORE: Record<Axis, number> = { valid: UNKNOWN, knowledge: ABSENT };
