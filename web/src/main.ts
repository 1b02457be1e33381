// The explorer's page, in front of the server that it came from.
import { connect } from "./link.ts";
import { dropped } from "./page/dropped.ts";
import { start } from "./page/start.ts";

const scheme = location.protocol === "https:" ? "wss" : "ws";
start({ ...connect(`${scheme}://${location.host}/session`), read: dropped });
