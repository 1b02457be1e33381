// The notebook's widget (anywidget): the same picture as the single file's, from the widget's state.
import type { ViewerData } from "./server.ts";
import { mount } from "./alone/mount.ts";

interface Model {
  get(name: "data"): ViewerData;
  on(event: string, act: () => void): void;
  off(event: string, act: () => void): void;
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root = el.appendChild(document.createElement("div"));
  let shown = mount(root, model.get("data"));
  const again = (): void => {
    shown.dispose();
    shown = mount(root, model.get("data"));
  };
  model.on("change:data", again);
  return () => {
    model.off("change:data", again);
    shown.dispose();
  };
}

export default { render };
