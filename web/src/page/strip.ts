// A look inside: every layer's channels as thumbnails; one that is pressed becomes the picture.
import type { StripReply } from "../protocol.ts";
import { el } from "./dom.ts";
import { painted } from "./source.ts";

export function fillStrip(host: HTMLElement, reply: StripReply, show: string, choose: (show: string) => void): void {
  const side = reply.size;
  const thumb = 4 * side * side;
  let at = 0;
  const button = (name: string, label: string, picture: HTMLElement | string): HTMLButtonElement =>
    el(
      "button",
      { type: "button", class: "thumb", title: label, aria: { label, pressed: String(name === show) }, data: { show: name }, on: { click: () => { choose(name); } } },
      picture,
    );
  const layers = reply.layers.map((layer, i) => {
    const shown = layer.shown ?? layer.channels;
    const thumbs = Array.from({ length: shown }, (_, channel) => {
      const picture = painted(reply.bytes.subarray(at, at + thumb), side, side);
      at += thumb;
      return button(`layer:${i + 1}:channel:${channel}`, `layer ${i + 1}, channel ${channel}`, picture);
    });
    const rest = layer.channels - shown;
    return el(
      "div",
      { class: "layer", aria: { role: "group", label: `layer ${i + 1}, ${layer.name}` } },
      el("span", { class: "layer-name" }, el("b", {}, String(i + 1)), ` ${layer.name}`, rest > 0 && ` \u2026 ${rest} more`),
      el("div", { class: "thumbs" }, ...thumbs),
    );
  });
  const output = el(
    "div",
    { class: "layer" },
    el("span", { class: "layer-name" }, el("b", {}, "output")),
    el("div", { class: "thumbs" }, button("output", "the output, all channels", el("span", { class: "whole" }, "all"))),
  );
  const left = host.scrollLeft;
  host.replaceChildren(output, ...layers);
  host.scrollLeft = left;
}

export function markStrip(host: HTMLElement, show: string): void {
  for (const button of host.querySelectorAll<HTMLElement>("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset["show"] === show));
  }
}
