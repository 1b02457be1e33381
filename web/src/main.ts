// The explorer's page.
import { connect } from "./link.ts";
import { App } from "./page/app.ts";
import { byId } from "./page/dom.ts";
import { fromQuery, page, StateError } from "./state.ts";

const scheme = location.protocol === "https:" ? "wss" : "ws";
const link = connect(`${scheme}://${location.host}/session`);
// the founding picture behind the gallery: never a blank page
let state = page({ seed: 9 });
let fresh = location.search === "";
try {
  if (!fresh) state = fromQuery(location.search);
} catch (error) {
  if (!(error instanceof StateError)) throw error;
  fresh = false;
  const said = byId("said");
  said.textContent = error.message;
  said.hidden = false;
}
new App(link, state, fresh);
