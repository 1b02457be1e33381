// A notebook's sliders: what its kernel says they stand at, and what is asked of it. Without a kernel there are none.
export const SLIDERS = {
  depth: { least: 1, most: 50, step: 1 },
  width: { least: 1, most: 128, step: 1 },
  scale: { least: 0.1, most: 10, step: 0.1 },
  shift: { least: 0, most: 6, step: 0.1 },
} as const;

export type Slider = keyof typeof SLIDERS;

/** What the kernel has: null where its network has no such thing. */
export type Controls = Record<Slider | "seed", number | null>;

export interface Panel {
  element: HTMLElement;
  show(controls: Controls, problem: string): void;
}

/** Asks for a network with one thing changed; the next only once the kernel has answered, and then the newest. */
export function panel(ask: (patch: Partial<Controls>) => void): Panel {
  const element = make("div", "panel");
  element.hidden = true;
  const problem = make("p", "problem");
  problem.setAttribute("role", "alert");
  let now: Controls = { depth: null, width: null, scale: null, shift: null, seed: null };
  let [waiting, next]: [boolean, Partial<Controls> | null] = [false, null];

  const send = (patch: Partial<Controls>): void => {
    if (waiting) {
      next = { ...next, ...patch };
      return;
    }
    waiting = true;
    ask(patch);
  };

  const sliders = (Object.keys(SLIDERS) as Slider[]).map((name) => {
    const { least, most, step } = SLIDERS[name];
    const [row, said] = [make("label", "slider"), make("output", "")];
    const input = make("input", "");
    Object.assign(input, { type: "range", min: String(least), max: String(most), step: String(step), name });
    input.addEventListener("input", () => {
      said.textContent = input.value;
      send({ [name]: Number(input.value) });
    });
    row.append(name, input, said);
    const show = (value: number | null): void => {
      row.hidden = value === null;
      if (value === null) return;
      input.max = String(Math.max(most, value));
      input.value = String(value);
      said.textContent = String(value);
    };
    return { row, name, show };
  });

  const seed = make("div", "seed");
  const said = make("output", "");
  const turn = (text: string, title: string, by: () => number): HTMLElement => {
    const button = make("button", "");
    Object.assign(button, { type: "button", textContent: text, title });
    button.addEventListener("click", () => { send({ seed: by() }); });
    return button;
  };
  const wanted = (): number => next?.seed ?? now.seed ?? 0;
  seed.append(
    said,
    turn("Seed before", "The network of the seed before", () => wanted() - 1),
    turn("Next seed", "The network of the next seed", () => wanted() + 1),
    turn("Random seed", "The network of a random seed", () => Math.floor(Math.random() * 1e6)),
  );
  element.append(seed, ...sliders.map(({ row }) => row), problem);

  return {
    element,
    show: (controls, why) => {
      now = controls;
      waiting = false;
      const after = next;
      next = null;
      problem.textContent = why;
      if (after !== null && why === "") {
        // the hand has gone on: what it holds stays as it is
        send(after);
        return;
      }
      said.textContent = `seed ${controls.seed ?? ""}`;
      seed.hidden = controls.seed === null;
      for (const { name, show } of sliders) show(controls[name]);
      element.hidden = Object.values(controls).every((value) => value === null);
    },
  };
}

function make<K extends keyof HTMLElementTagNameMap>(name: K, className: string): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), { className });
}
