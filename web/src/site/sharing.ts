// What is seen in the forms that a person copies, as netwarp.explorer.sharing.
import type { Reply } from "../protocol.ts";
import type { PageState } from "../server.ts";
import { toData, toQuery } from "../state.ts";
import { commandLine, script, together } from "./commands.ts";

/** Throws Refusal. */
export function shared(state: PageState): Omit<Reply<"share">, "id" | "pane"> {
  // pictures side by side are files of their own
  const letters = state.panes.length === 1 ? [""] : ["-a", "-b", "-c", "-d"];
  return {
    kind: "share",
    address: toQuery(state),
    json: JSON.stringify(toData(state)),
    python: together(state.panes.map((pane, i) => script(pane, letters[i]))),
    cli: state.panes.map((pane, i) => commandLine(pane, letters[i])).join("\n"),
  };
}
