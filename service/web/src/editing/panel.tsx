/** Editing, for whoever has a token. */
import { useSignal } from "@preact/signals";

import { say } from "~/words/words";
import { PlaceForm } from "./place-form";
import { ReportForm } from "./report-form";
import { token } from "./token";
import { TokenForm } from "./token-form";

export function EditingPanel() {
  const what = useSignal<"fileReport" | "registerPlace">("fileReport");
  if (!token.value)
    return (
      <>
        <p>{say("tokenNeeded")}</p>
        <TokenForm />
      </>
    );
  return (
    <>
      <div class="segmented" role="group" aria-label={say("editing")}>
        {(["fileReport", "registerPlace"] as const).map((each) => (
          <button type="button" key={each} aria-pressed={what.value === each} onClick={() => (what.value = each)}>
            {say(each)}
          </button>
        ))}
      </div>
      {what.value === "fileReport" ? <ReportForm /> : <PlaceForm />}
      <TokenForm />
    </>
  );
}
