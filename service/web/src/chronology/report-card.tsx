/** A report: what it says, who says so, how far it is to be believed, when it happened and when it became known. */
import { useSignal } from "@preact/signals";

import { instant } from "~/clocks/instants";
import { Icon } from "~/icons";
import { sourceById } from "~/known";
import { Actions } from "~/editing/actions";
import { goTo } from "./going";
import { History } from "./history";
import type { Citation, Report, Window } from "~/service/shapes";
import { isWord, number, say, time } from "~/words/words";

export function ReportCard({ report }: { report: Report }) {
  return (
    <article class="report" data-id={report.id}>
      {report.text && <ReportText text={report.text} />}
      {report.redacted.map((each) => (
        <p key={each.position} class="quiet redacted" dir="auto">
          {say("redacted", { time: time(instant(each.recorded_at)), reason: each.reason })}
        </p>
      ))}
      <dl>
        <dt>{say("happened")}</dt>
        <dd>
          <span title={report.occurred}>{windowWords(report.window)}</span>
        </dd>
        <dt>{say("becameKnown")}</dt>
        <dd>
          {time(instant(report.filed.recorded_at))}, {say("event", { n: number(report.filed.position) })}
        </dd>
        {report.sources.map((each, i) => (
          <SourceLine key={i} citation={each} />
        ))}
      </dl>
      <footer>
        <span class={`grade ${report.credibility}`}>{say(report.credibility)}</span>
        {kinds(report).map((kind) => (
          <span key={kind} class="kind">
            {isWord(`k_${kind}`) ? say(`k_${kind}` as "k_control") : kind}
          </span>
        ))}
        {report.retracted && (
          <span class="grade retracted">{say("retracted", { reason: report.retracted.reason })}</span>
        )}
        <span class="id">
          <code dir="ltr">{report.id}</code>
          <button
            type="button"
            class="round small"
            title={say("flyThere")}
            aria-label={`${say("flyThere")}: ${report.id}`}
            onClick={() => goTo(report)}
          >
            <Icon name="fit" size={15} />
          </button>
        </span>
      </footer>
      {report.version > 1 && <History id={report.id} version={report.version} />}
      <Actions report={report} />
    </article>
  );
}

const LONG = 700;

function ReportText({ text }: { text: string }) {
  const whole = useSignal(text.length <= LONG);
  return (
    <>
      <p class="report-text" dir="auto">
        {whole.value ? text : `${text.slice(0, LONG - 100)}…`}
      </p>
      {!whole.value && (
        <button type="button" class="link" onClick={() => (whole.value = true)}>
          {say("readOn")}
        </button>
      )}
    </>
  );
}

function SourceLine({ citation: { source, citation, url, published, origin } }: { citation: Citation }) {
  const name = (id: string) => <bdi>{sourceById.value.get(id)?.name ?? id}</bdi>;
  const link = url ? safe(url) : null;
  return (
    <>
      <dt>{say("source")}</dt>
      <dd dir="auto">
        {link ? (
          <a href={link} target="_blank" rel="noopener noreferrer nofollow">
            {name(source)}
          </a>
        ) : (
          name(source)
        )}
        {citation && (
          <>
            , <bdi>{citation}</bdi>
          </>
        )}
        {published && `, ${say("published").toLowerCase()} ${published}`}
        {origin && (
          <>
            {` (${say("origin").toLowerCase()}: `}
            {name(origin)})
          </>
        )}
      </dd>
    </>
  );
}

/** Only addresses of the web are followed: a report is somebody else's text. */
export function safe(url: string): string | null {
  try {
    const found = new URL(url);
    return found.protocol === "https:" || found.protocol === "http:" ? found.href : null;
  } catch {
    return null;
  }
}

export function windowWords({ earliest, latest }: Window): string {
  if (earliest === latest) return time(instant(latest));
  if (earliest === null) return say("sinceBefore", { latest: time(instant(latest)) });
  return `${time(instant(earliest))} – ${time(instant(latest))}`;
}

const kinds = (report: Report): string[] => [...new Set(report.claims.map((claim) => claim.kind))];
