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
    /** Of each span, which of `kept` it has. */
    private readonly sureties: Uint32Array,
    private readonly kept: readonly Surety[],
    /** Where anything changes, each once, in order. */
    readonly changes: Float64Array,
  ) {}

  get spans(): number {
    return this.starts.length;
  }

  /** How surely a span is so, and since when. */
  surety(span: number): Surety {
    return this.kept[this.sureties[span]!]!;
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

/**
 * Takes the frames of a replay one by one; `places` gives each place its number. Spans are kept in a few long columns,
 * as they come: an object for each would be a garbage that is cleared away just when the reader takes the first steps.
 */
export class Folding {
  private readonly owners: number[] = [];
  private readonly starts: number[] = [];
  private readonly numbers: number[] = [];
  private readonly sureties: number[] = [];
  private readonly kept = new Map<string, number>();
  private readonly all: Surety[] = [];
  private readonly changes: number[] = [];

  constructor(
    private readonly axis: Axis,
    private readonly places: ReadonlyMap<string, number>,
    private readonly states: States,
  ) {}

  add(frame: Frame): void {
    const stop = this.axis === "valid" ? instant(frame.at) : frame.known_at;
    if (frame.places.length && this.changes.at(-1) !== stop) this.changes.push(stop);
    for (const answer of frame.places) {
      const place = this.places.get(answer.place);
      if (place === undefined) continue;
      this.owners.push(place);
      this.starts.push(stop);
      this.numbers.push(this.states.number(answer));
      this.sureties.push(this.surety(answer));
    }
  }

  /** The number of a surety, the same for the same. */
  private surety({ credibility, since }: Surety): number {
    const name = `${credibility} ${since && since.earliest} ${since && since.latest} ${since === null}`;
    let found = this.kept.get(name);
    if (found === undefined) this.kept.set(name, (found = this.all.push({ credibility, since }) - 1));
    return found;
  }

  /** Place by place, in each in the order in which they came. */
  finish(): Sheet {
    const offsets = new Uint32Array(this.places.size + 1);
    for (const place of this.owners) offsets[place + 1]!++;
    for (let place = 0; place < this.places.size; place++) offsets[place + 1]! += offsets[place]!;
    const next = offsets.slice();
    const [starts, numbers, sureties] = [
      new Float64Array(this.starts.length),
      new Uint32Array(this.starts.length),
      new Uint32Array(this.starts.length),
    ];
    this.owners.forEach((place, i) => {
      const to = next[place]!++;
      starts[to] = this.starts[i]!;
      numbers[to] = this.numbers[i]!;
      sureties[to] = this.sureties[i]!;
    });
    return new Sheet(offsets, starts, numbers, sureties, this.all, Float64Array.from(this.changes));
  }
}

/** What a place shows before the first frame of a sheet: nothing was known of it, or it was not there. */
export const BEFORE: Record<Axis, number> = { valid: UNKNOWN, knowledge: ABSENT };
