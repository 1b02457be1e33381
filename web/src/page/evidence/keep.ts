// The sheet that gives numbers away: as Python and as CSV, to copy and as files.
import { dialog, el } from "../dom.ts";
import { copied } from "../share.ts";
import { type Compared, csv, python, type Taken } from "./numbers.ts";
import { EVIDENCE } from "../../words/evidence.ts";

const FORMS = ["python", "csv"] as const;
const ENDINGS = { python: "py", csv: "csv" } as const;

export interface Keeper {
  /** `told`: what they are of; the numbers may come later */
  show(told: string, numbers: Promise<{ taken: readonly Taken[]; compared: Compared | null }>): void;
}

export function keeper(): Keeper {
  const fields = FORMS.map((form) => {
    const field = copied(`numbers-${form}`, EVIDENCE.forms[form], 6);
    const file = el("a", { class: "download", download: `netwarp-numbers.${ENDINGS[form]}` }, EVIDENCE.files[form]);
    field.element.append(file);
    return { form, field, file };
  });
  const lead = el("p", { class: "lead" });
  const wrong = el("p", { class: "error", aria: { role: "alert" } });
  const element = dialog("numbers", EVIDENCE.copy, lead, el("div", { class: "forms" }, ...fields.map(({ field }) => field.element)), wrong);
  let turns = 0;
  const fill = (texts: Record<(typeof FORMS)[number], string | null>): void => {
    for (const { form, field, file } of fields) {
      const text = texts[form];
      field.set(text ?? EVIDENCE.noPython);
      URL.revokeObjectURL(file.href);
      file.classList.toggle("absent", text === null || text === "");
      if (text === null || text === "") file.removeAttribute("href");
      else file.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    }
  };
  return {
    show: (told, numbers) => {
      const turn = ++turns;
      lead.textContent = told;
      wrong.textContent = "";
      fill({ python: "", csv: "" });
      element.showModal();
      numbers.then(
        ({ taken, compared }) => { if (turn === turns) fill({ python: python(taken, compared), csv: csv(taken) }); },
        (error: unknown) => { if (turn === turns) wrong.textContent = (error as Error).message; },
      );
    },
  };
}
