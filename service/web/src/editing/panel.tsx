/** Editing, for whoever has a token. */
import { say } from "~/words/words";
import { AlignmentForm } from "./alignment-form";
import { type FormName, open } from "./draft";
import { ForceForm } from "./force-form";
import { PlaceForm } from "./place-form";
import { ReportForm } from "./report-form";
import { SourceForm } from "./source-form";
import { token } from "./token";
import { TokenForm } from "./token-form";

const FORMS = {
  fileReport: () => <ReportForm />,
  registerPlace: () => <PlaceForm />,
  registerForce: () => <ForceForm />,
  registerAlignment: () => <AlignmentForm />,
  registerSource: () => <SourceForm />,
} satisfies Record<FormName, () => preact.ComponentChild>;

export function EditingPanel() {
  if (!token.value)
    return (
      <>
        <p>{say("tokenNeeded")}</p>
        <TokenForm />
      </>
    );
  return (
    <>
      <div class="segmented loose" role="group" aria-label={say("editing")}>
        {(Object.keys(FORMS) as FormName[]).map((each) => (
          <button type="button" key={each} aria-pressed={open.value === each} onClick={() => (open.value = each)}>
            {say(each)}
          </button>
        ))}
      </div>
      {FORMS[open.value]()}
      <TokenForm />
    </>
  );
}
