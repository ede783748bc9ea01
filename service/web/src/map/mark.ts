/** How a state is drawn: its shape, and the two colours of its halves. The map, the legend and the lists all draw this. */
import { ABSENT, type State } from "~/spans/states";
import type { Shown, Status } from "~/service/shapes";
import { colour, GREY, type Rgb } from "./colours";

/** The numbers of the shapes, as the shader knows them. */
export const SHAPES: Record<Status, number> = {
  unknown: 0,
  held: 1,
  contested: 2,
  disputed: 3,
  changing: 4,
  vacated: 5,
};

export interface Mark {
  shape: Status;
  first: Rgb;
  second: Rgb;
}

export const NO_MARK = ABSENT;

/** The mark of a state. */
export function mark(state: State): Mark {
  if (state.status === "changing")
    return { shape: "changing", first: leading(state.before), second: leading(state.after) };
  return { shape: state.status, ...halves(state) };
}

function halves({ status, holders, parties, challenger }: Shown): { first: Rgb; second: Rgb } {
  switch (status) {
    case "contested": {
      const [first, second] = parties.length ? parties : holders;
      return { first: colour(first), second: colour(second ?? first) };
    }
    case "disputed":
      return { first: colour(holders[0]), second: colour(challenger?.[0]) };
    case "held":
      return { first: colour(holders[0]), second: colour(holders[1] ?? holders[0]) };
    default:
      return { first: GREY, second: GREY };
  }
}

/** The one colour that stands for a possibility. */
function leading(shown: Shown | null): Rgb {
  if (!shown) return GREY;
  const { first, second } = halves(shown);
  return shown.status === "contested" && first === second ? first : shown.status === "contested" ? second : first;
}
