/** The page: the map in the middle, what is said of it on the one side, the answer on the other, the clocks below. */
import { KnowledgeClock } from "~/clocks/knowledge";
import { WorldClock } from "~/clocks/world";
import { Chronology } from "~/chronology/list";
import { DifferencesPanel } from "~/differences/panel";
import { EditingPanel } from "~/editing/panel";
import { Header } from "~/header";
import { HoldingsPanel } from "~/holdings/panel";
import { Icon } from "~/icons";
import { failure, head, loading } from "~/known";
import { MapArea } from "~/map/area";
import { PlacesTable } from "~/places/table";
import { PANELS, type Panel, embedded, panel, place } from "~/reader";
import { say } from "~/words/words";
import { WhyPanel } from "~/why/panel";
import { Empty, Failed } from "~/notices";

const CONTENTS: Record<Panel, () => preact.ComponentChild> = {
  reports: () => <Chronology />,
  places: () => <PlacesTable />,
  differences: () => <DifferencesPanel />,
  holdings: () => <HoldingsPanel />,
  editing: () => <EditingPanel />,
};

export function App() {
  const open = panel.value ?? (failure.value ? "reports" : null); // what went wrong is said somewhere
  if (embedded.value) return <Embedded />;
  return (
    <div class={`page ${open ? "with-panel" : ""} ${place.value ? "with-why" : ""}`}>
      <a class="skip" href="#map">
        {say("skip")}
      </a>
      <Header />
      <Tabs />
      {open && (
        <section class="panel" aria-label={say(open)}>
          <div class="panel-body" key={open} tabIndex={-1}>
            {open !== "reports" && <h2 class="panel-title">{say(open)}</h2>}
            {failure.value ? (
              <Failed problem={failure.value} />
            ) : loading.value ? (
              <p class="notice">{say("loading")}</p>
            ) : head.value === 0 && open !== "editing" ? (
              <Empty />
            ) : (
              CONTENTS[open]()
            )}
          </div>
        </section>
      )}
      <MapArea />
      <WhyPanel />
      <section class="clocks" aria-label={say("clocks")}>
        <WorldClock />
        <KnowledgeClock />
      </section>
    </div>
  );
}

function Tabs() {
  const choose = (to: Panel | null) => () => {
    panel.value = panel.value === to ? null : to;
    if (to !== null && matchMedia("(max-width: 60rem)").matches) place.value = null;
  };
  return (
    <nav class="tabs" aria-label={say("panels")}>
      <button type="button" class="only-narrow" aria-pressed={panel.value === null} onClick={choose(null)}>
        <Icon name="mapSign" /> {say("map")}
      </button>
      {PANELS.map((each) => (
        <button type="button" key={each} aria-pressed={panel.value === each} onClick={choose(each)}>
          {say(each)}
        </button>
      ))}
    </nav>
  );
}

/** What other pages put into theirs: the map and its clocks, and a way to the whole. */
function Embedded() {
  return (
    <div class="page embedded">
      <MapArea />
      <WhyPanel />
      <section class="clocks" aria-label={say("clocks")}>
        <WorldClock />
      </section>
    </div>
  );
}
