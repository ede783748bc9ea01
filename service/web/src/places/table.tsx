/** Every place with its state: the map as a table, for whoever reads better than looks. */
import { computed, effect, signal } from "@preact/signals";

import { places } from "~/known";
import { Emblem } from "~/map/emblem";
import { nameOf, otherName } from "~/map/names";
import { visible } from "~/map/places";
import { at, place } from "~/reader";
import { fold } from "~/places/folding";
import { STATUSES } from "~/service/shapes";
import { AsData } from "~/sharing/links";
import { mapView } from "~/sharing/views";
import { current, states, validSheet } from "~/spans/sheets";
import { ABSENT, type State } from "~/spans/states";
import { number, say, time } from "~/words/words";
import { openPlace } from "~/why/opening";
import { holderWords } from "~/why/sentence";

const PAGE = 200;
const most = signal(PAGE);
const by = signal<"name" | "status" | "holder">("status");
const search = signal("");

/** A long table waits until the clocks rest. */
const LONG = 2000;
const rested = signal<Uint32Array>(new Uint32Array());
let timer = 0;
effect(() => {
  const now = current.value;
  clearTimeout(timer);
  if (now.length <= LONG) rested.value = now;
  else timer = window.setTimeout(() => (rested.value = now), 150);
});

const rows = computed(() => {
  const wanted = fold(search.value);
  const found = places.value.flatMap((place, i) => {
    const number = rested.value[i] ?? ABSENT;
    const state = states.all[number]!;
    if (number === ABSENT || !visible.value(place.id, state)) return [];
    if (wanted && ![place.name, ...place.aliases].some((name) => fold(name).includes(wanted))) return [];
    return [{ place, i, state, name: nameOf(place), holder: holderWords(state) }];
  });
  const order = { name: () => 0, status: rankOf, holder: (a: Row, b: Row) => b.holder.localeCompare(a.holder) }[
    by.value
  ];
  return found.sort((a, b) => order(a, b) || a.name.localeCompare(b.name));
});

interface Row {
  state: State;
  holder: string;
}

const rankOf = (a: Row, b: Row): number => STATUSES.indexOf(a.state.status) - STATUSES.indexOf(b.state.status);

export function PlacesTable() {
  const found = rows.value;
  return (
    <>
      <form class="filters" role="search" aria-label={say("search")} onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          value={search.value}
          placeholder={say("search")}
          aria-label={say("search")}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </form>
      {found.length === 0 && <p class="notice">{say("noPlace")}</p>}
      <table class="places">
        <caption>{say("tableCaption", { time: time(at.value) })}</caption>
        <thead>
          <tr>
            <Head name="name" />
            <Head name="status" />
            <Head name="holder" />
          </tr>
        </thead>
        <tbody>
          {found.slice(0, most.value).map((row) => (
            <tr key={row.place.id} aria-current={place.value === row.place.id ? "true" : undefined}>
              <th scope="row">
                <button type="button" class="link" onClick={() => openPlace(row.place.id, true)}>
                  {row.name}
                </button>
                {otherName(row.place) && (
                  <small>
                    <bdi>{otherName(row.place)}</bdi>
                  </small>
                )}
              </th>
              <td>
                <span class="with-emblem">
                  <Emblem state={row.state} /> {say(row.state.status)}
                </span>
              </td>
              <td>
                <bdi>{row.holder}</bdi>
                {surety(row.i) && <small>{say("graded", { grade: surety(row.i) })}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length > most.value && (
        <button type="button" onClick={() => (most.value += PAGE)}>
          {say("more", { n: number(Math.min(PAGE, found.length - most.value)) })}
        </button>
      )}
      <AsData views={[mapView.value]} />
    </>
  );
}

function Head({ name }: { name: "name" | "status" | "holder" }) {
  return (
    <th scope="col" aria-sort={by.value === name ? "ascending" : "none"}>
      <button type="button" class="link" onClick={() => (by.value = name)}>
        {say(name)}
      </button>
    </th>
  );
}

function surety(i: number): string {
  const sheet = validSheet.value;
  const span = sheet?.span(i, at.value) ?? -1;
  const grade = span < 0 ? null : sheet!.surety(span).credibility;
  return grade ? say(grade) : "";
}
