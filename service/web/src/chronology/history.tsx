/** What has happened to a report: filed, corrected, graded, retracted, each with its reason. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { instant } from "~/clocks/instants";
import { known } from "~/known";
import { get, Refusal } from "~/service/client";
import type { Credibility } from "~/service/shapes";
import { number, say, time } from "~/words/words";

interface Event {
  position: number;
  recorded_at: string;
  type: string;
  credibility?: Credibility | null;
  reason?: string | null;
}

export function History({ id, version }: { id: string; version: number }) {
  const events = useSignal<readonly Event[] | null>(null);
  const open = useSignal(false);
  useEffect(() => {
    if (open.value) void load(id).then((found) => (events.value = found));
  }, [open.value, id, version]);
  return (
    <details class="history" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{say("history")}</summary>
      <ol>
        {(events.value ?? []).map((event) => (
          <li key={event.position} dir="auto">
            <small>
              {time(instant(event.recorded_at))}, {say("event", { n: number(event.position) })}:
            </small>{" "}
            {what(event)}
            {event.reason && ` (${event.reason})`}
          </li>
        ))}
      </ol>
    </details>
  );
}

async function load(id: string): Promise<readonly Event[]> {
  try {
    return (await get<{ events: Event[] }>(`v1/reports/${encodeURIComponent(id)}/history`, { known_at: known.peek() }))
      .events;
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

function what({ type, credibility }: Event): string {
  if (type.startsWith("report-assessed")) return say("h_assessed", { grade: credibility ? say(credibility) : "" });
  if (type.startsWith("report-corrected")) return say("h_corrected");
  if (type.startsWith("report-redacted")) return say("h_redacted");
  return say(type.startsWith("report-retracted") ? "h_retracted" : "h_filed");
}
