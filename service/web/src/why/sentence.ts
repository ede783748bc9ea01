/** An answer in one plain sentence, and in a few words. */
import { instant } from "~/clocks/instants";
import { forceById, placeById } from "~/known";
import { nameOf } from "~/map/names";
import type { Answer, Shown, Since } from "~/service/shapes";
import type { State } from "~/spans/states";
import { direction, list, say, time } from "~/words/words";

export function forceName(id: string): string {
  const force = forceById.value.get(id);
  return force ? isolated(nameOf(force)) : id;
}

export function placeName(id: string): string {
  const place = placeById.value.get(id);
  return place ? isolated(nameOf(place)) : id;
}

const OTHER_WAY = {
  ltr: /[\u0590-\u08ff\u200e-\u200f\u202a-\u202e\u2066-\u2069]/,
  rtl: /[A-Za-z\u200e-\u200f\u202a-\u202e\u2066-\u2069]/,
};

/** A name that runs the other way, kept from turning the sentence around it (Unicode's first strong isolate). */
const isolated = (name: string): string => (OTHER_WAY[direction.value].test(name) ? `\u2068${name}\u2069` : name);

const forces = (ids: readonly string[]): string => (ids.length ? list(ids.map(forceName)) : say("nobody"));

/** The state in a few words: "Held: Syrian opposition". */
export function stateWords(state: State | Shown): string {
  const names = holderWords(state);
  return names ? `${say(state.status)}: ${names}` : say(state.status);
}

/** Who holds or fights for it, in names alone; of a change, before and after. */
export function holderWords(state: State | Shown): string {
  switch (state.status) {
    case "held":
      return forces(state.holders);
    case "contested":
      return forces(state.parties);
    case "disputed":
      return `${forces(state.holders)} / ${forces(state.challenger ?? [])}`;
    case "changing": {
      const { before, after } = state as State;
      return before && after ? `${short(before)} ${say("arrow")} ${short(after)}` : "";
    }
    default:
      return "";
  }
}

function short(shown: Shown): string {
  if (shown.status === "held") return forces(shown.holders);
  return shown.status === "contested" ? `${say("contested")} (${forces(shown.parties)})` : say(shown.status);
}

/** Who held it, as a sentence about the place. */
export function sentence(answer: Answer): string {
  const place = placeName(answer.place);
  const holders = forces(answer.holders);
  const parties = forces(answer.parties);
  switch (answer.status) {
    case "held":
      return answer.inherited_from
        ? say("s_held_inherited", { place, holders, town: placeName(answer.inherited_from) })
        : say("s_held", { place, holders });
    case "contested":
      return say(answer.holders.length ? "s_contested_held" : "s_contested", { place, holders, parties });
    case "disputed":
      return say("s_disputed", { place, standing: holders, challenger: forces(answer.challenger ?? []) });
    case "changing":
      return say("s_changing", { place, before: possibility(answer.before), after: possibility(answer.after) });
    case "vacated":
      return say("s_vacated", { place });
    default:
      return say("s_unknown", { place });
  }
}

function possibility(shown: Shown | null): string {
  if (!shown) return say("p_unknown");
  const parts = { holders: forces(shown.holders), parties: forces(shown.parties) };
  if (shown.status === "contested") return say(shown.holders.length ? "p_contested_held" : "p_contested", parts);
  if (shown.status === "changing") return say("p_unknown");
  return say(`p_${shown.status}`, parts);
}

/** Since when, and how surely. */
export function sureness(answer: Answer): string[] {
  const found: string[] = [];
  const { since } = answer;
  if (since) {
    const [earliest, latest] = [told(since.earliest), told(since.latest)];
    const times = { earliest, latest, time: latest };
    if (answer.status === "changing") found.push(say(since.earliest ? "changeBetween" : "changeBefore", times));
    else found.push(capital(say(sinceWord(since), times)) + ".");
  }
  if (answer.credibility && answer.last_confirmed)
    found.push(say("surely", { grade: say(answer.credibility), time: time(instant(answer.last_confirmed)) }));
  if (answer.status === "unknown") found.push(say("noEvidence"));
  return found;
}

/** Null is as far back as anything is told. */
const told = (end: string | null): string => (end === null ? "" : time(instant(end)));

function sinceWord({ earliest, latest }: Since) {
  if (latest === null) return "sinceEver";
  if (earliest === null) return "sinceBefore";
  return earliest === latest ? "sinceAt" : "sinceBetween";
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
