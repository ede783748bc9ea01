/** Every different state that the map can show, kept once and known by a small number. */
import type { Answer, Credibility, Shown } from "~/service/shapes";

/** What is shown of a place: contract.md's answer without its evidence. */
export interface State extends Shown {
  before: Shown | null;
  after: Shown | null;
}

const NOTHING = { status: "unknown", holders: [], parties: [], challenger: null } as const;

/** The number of what is not there yet: a place that was not registered then. */
export const ABSENT = 0;
/** The number of plain unknown. */
export const UNKNOWN = 1;

const unknown: State = { ...NOTHING, holders: [], parties: [], before: null, after: null };

export class States {
  readonly all: State[] = [unknown, unknown];
  private readonly numbers = new Map<string, number>([[key(unknown), UNKNOWN]]);

  /** The number of a state, the same for the same state. */
  number(state: State): number {
    const name = key(state);
    let found = this.numbers.get(name);
    if (found === undefined) {
      const { status, holders, parties, challenger, before, after } = state;
      found = this.all.push({ status, holders, parties, challenger, before, after }) - 1;
      this.numbers.set(name, found);
    }
    return found;
  }
}

function key(state: State): string {
  const two = state.before && state.after ? `${part(state.before)}>${part(state.after)}` : "";
  return `${part(state)};${two}`;
}

function part({ status, holders, parties, challenger }: Shown): string {
  return `${status}|${holders.join()}|${parties.join()}|${challenger?.join() ?? "-"}`;
}

/** The forces that a state speaks of, the most telling first. */
export function forces(state: State): string[] {
  const shown = state.status === "changing" ? [state.before, state.after] : [state];
  return [
    ...new Set(shown.flatMap((each) => (each ? [...each.holders, ...each.parties, ...(each.challenger ?? [])] : []))),
  ];
}

/** Who holds it, so far as that is sure: what it is counted under. */
export function holders(state: State): string[] {
  return state.status === "changing" ? [] : state.holders;
}

/** What a span keeps of an answer beside its state. */
export interface Surety {
  credibility: Credibility | null;
  since: Answer["since"];
}
