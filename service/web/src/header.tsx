/** The head of the page: finding a place, what counts, sharing, settings, whether the page is live. */
import { useComputed, useSignal } from "@preact/signals";
import { useId } from "preact/hooks";

import { places } from "~/known";
import { fold } from "~/places/folding";
import { TokenForm } from "~/editing/token-form";
import { nameOf, otherName } from "~/map/names";
import { bySide, LENSES, type Lens, lens, serviceZone, theme, zoneChoice } from "~/reader";
import { connection } from "~/service/connection";
import { liveWords } from "~/service/feed";
import { ShareMenu } from "~/sharing/menu";
import { ownZone } from "~/clocks/zones";
import { openPlace } from "~/why/opening";
import { type Language, language, languages, say } from "~/words/words";
import { Popover } from "~/popover";

export function Header() {
  return (
    <header class="head">
      <h1>
        <svg width="26" height="26" viewBox="-13 -13 26 26" aria-hidden="true">
          <circle r="11.5" class="logo-ring" />
          <path d="M0 -7.5A7.5 7.5 0 0 0 0 7.5Z" class="logo-one" />
          <path d="M0 -7.5A7.5 7.5 0 0 1 0 7.5Z" class="logo-two" />
        </svg>
        {say("title")}
      </h1>
      <Search />
      <label class="lens">
        <span>{say("lens")}</span>
        <select
          value={lens.value}
          title={say(`lensAbout_${lens.value}`)}
          onChange={(event) => (lens.value = event.currentTarget.value as Lens)}
        >
          {LENSES.map((each) => (
            <option key={each} value={each} title={say(`lensAbout_${each}`)}>
              {say(`lens_${each}`)}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="side"
        aria-pressed={bySide.value}
        title={say("bySideAbout")}
        onClick={() => (bySide.value = !bySide.value)}
      >
        {say("bySide")}
      </button>
      <span class={`live ${connection.value}`} role="status" title={say("liveAbout")}>
        {liveWords.value}
      </span>
      <ShareMenu />
      <Settings />
    </header>
  );
}

const MOST = 8;

function Search() {
  const text = useSignal("");
  const id = useId();
  const found = useComputed(() => {
    const wanted = fold(text.value.trim());
    return wanted
      ? places.value
          .filter((place) => [place.name, ...place.aliases].some((name) => fold(name).includes(wanted)))
          .slice(0, MOST)
      : [];
  });
  const chosen = useSignal(0);
  const go = (place: string) => {
    text.value = "";
    openPlace(place, true);
  };
  const keys = (event: KeyboardEvent) => {
    const count = found.value.length;
    if (event.key === "ArrowDown" && count) chosen.value = (chosen.value + 1) % count;
    else if (event.key === "ArrowUp" && count) chosen.value = (chosen.value + count - 1) % count;
    else if (event.key === "Enter" && count) go(found.value[chosen.value]!.id);
    else if (event.key === "Escape") text.value = "";
    else return;
    event.preventDefault();
  };
  const open = text.value.trim() !== "";
  return (
    <div class="search">
      <input
        id="search"
        type="text"
        role="combobox"
        value={text.value}
        placeholder={say("search")}
        aria-label={say("search")}
        aria-expanded={open}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={open && found.value.length ? `${id}-${chosen.value}` : undefined}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          chosen.value = 0;
        }}
        onKeyDown={keys}
      />
      <div class="card found" hidden={!open}>
        <ul role="listbox" id={id} aria-label={say("search")}>
          {found.value.map((place, i) => (
            <li
              key={place.id}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === chosen.value}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => go(place.id)}
            >
              <span dir="auto">{nameOf(place)}</span> <small dir="auto">{otherName(place)}</small>
            </li>
          ))}
        </ul>
        {open && !found.value.length && <p class="quiet">{say("noPlace")}</p>}
      </div>
    </div>
  );
}

function Settings() {
  return (
    <Popover icon="gear" label={say("settings")}>
      <label>
        {say("languageLabel")}
        <select value={language.value} onChange={(event) => (language.value = event.currentTarget.value as Language)}>
          {languages.map(({ code, name }) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("zone")}
        <select value={zoneChoice.value} onChange={(event) => (zoneChoice.value = event.currentTarget.value as "UTC")}>
          <option value="service">{say("zoneService", { zone: serviceZone.value })}</option>
          <option value="local">{say("zoneLocal", { zone: ownZone() })}</option>
          <option value="UTC">{say("zoneUtc")}</option>
        </select>
      </label>
      <label>
        {say("theme")}
        <select value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as "auto")}>
          <option value="auto">{say("themeAuto")}</option>
          <option value="light">{say("themeLight")}</option>
          <option value="dark">{say("themeDark")}</option>
        </select>
      </label>
      <button
        type="button"
        class="only-narrow"
        aria-pressed={bySide.value}
        title={say("bySideAbout")}
        onClick={() => (bySide.value = !bySide.value)}
      >
        {say("bySide")}
      </button>
      <TokenForm />
      <p class="links">
        <a href="docs">{say("api")}</a>
      </p>
      <Keys />
    </Popover>
  );
}

function Keys() {
  const keys = [
    ["/", say("search")],
    ["Space", `${say("play")} / ${say("pause")}`],
    ["[  ]", `${say("lastChange")} / ${say("nextChange")}`],
    ["{  }", `${say("lastEvent")} / ${say("nextEvent")}`],
    ["Esc", say("close")],
  ];
  return (
    <section>
      <h2>{say("shortcuts")}</h2>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}
