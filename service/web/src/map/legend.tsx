/** What the marks mean, how many places show each, and a switch for each. */
import { computed, effect, signal } from "@preact/signals";

import { forceById, places } from "~/known";
import { beside, hidden } from "~/reader";
import { STATUSES, type Status } from "~/service/shapes";
import { current, states } from "~/spans/sheets";
import { ABSENT } from "~/spans/states";
import { number, say } from "~/words/words";
import { colour, css, GREY, OTHERS, type Rgb, sideOf, SOME } from "./colours";
import { Drawn, DrawnLine } from "./emblem";
import { nameOf } from "./names";
import { allSpots, holderKeys } from "./places";

const open = signal(matchMedia("(min-width: 60rem)").matches);

effect(() => {
  if (beside.value) open.value = false; // two maps need the room
});

export const counts = computed(() => {
  const numbers = current.value;
  const tally = new Uint32Array(states.all.length); // there are far fewer states than places
  const all = allSpots.value;
  for (let i = 0; i < numbers.length; i++) if (all[i]?.counted) tally[numbers[i]!]!++;
  const found = new Map<string, number>();
  tally.forEach((many, number) => {
    if (!many || number === ABSENT) return;
    const state = states.all[number]!;
    for (const key of [state.status, ...holderKeys(state).map((each) => `force:${each}`)])
      found.set(key, (found.get(key) ?? 0) + many);
  });
  return found;
});

/** How many states have been seen: at most steps of a clock there is none that is new. */
const seen = computed(() => (current.value, states.all.length));

/** The sides that ever hold anything. */
export const sides = computed(() => {
  seen.value;
  return [
    ...new Set(
      states.all.flatMap((state) =>
        [...state.holders, ...state.parties, ...(state.after?.holders ?? [])].map((id) => sideOf.value(id)),
      ),
    ),
  ].sort();
});

/** Whether there are lines and areas to be explained, too. */
const shaped = computed(() => places.value.some((each) => each.shape));

function toggle(key: string): void {
  const found = new Set(hidden.value);
  if (!found.delete(key)) found.add(key);
  hidden.value = found;
}

export function Legend() {
  return (
    <details class="legend card" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{say("legend")}</summary>
      <div role="group" aria-label={say("statuses")}>
        {STATUSES.map((status) => (
          <Switch key={status} name={status} label={say(status)} about={say(`${status}About`)}>
            <Drawn drawn={{ shape: status, ...examples(status) }} />
            {shaped.value && <DrawnLine drawn={{ shape: status, ...examples(status) }} />}
          </Switch>
        ))}
      </div>
      {sides.value.length > 0 && (
        <div role="group" aria-label={say("heldBy")}>
          <h2>{say("heldBy")}</h2>
          {sides.value.map((id) => {
            const force = forceById.value.get(id);
            return (
              <Switch key={id} name={`force:${id}`} label={force ? nameOf(force) : id} about={say("legendHint")}>
                <svg class="emblem" width="18" height="18" viewBox="-10 -10 20 20" aria-hidden="true">
                  <rect x="-7" y="-7" width="14" height="14" rx="3" fill={css(colour(id))} />
                </svg>
              </Switch>
            );
          })}
        </div>
      )}
    </details>
  );
}

function Switch({
  name,
  label,
  about,
  children,
}: {
  name: string;
  label: string;
  about: string;
  children: preact.ComponentChildren;
}) {
  return (
    <button
      type="button"
      class="switch"
      title={about}
      aria-pressed={!hidden.value.has(name)}
      onClick={() => toggle(name)}
    >
      {children}
      <span>{label}</span>
      <b>{number(counts.value.get(name) ?? 0)}</b>
    </button>
  );
}

/** In nobody's colours: whose is whose stands below. */
function examples(status: Status): { first: Rgb; second: Rgb } {
  if (status === "unknown" || status === "vacated") return { first: GREY, second: GREY };
  return { first: SOME, second: status === "held" ? SOME : OTHERS };
}
