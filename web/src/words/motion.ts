// The words of what moves, and of what is taken away of it.

export const MOTION = {
  title: "Play",
  lead: "Space pauses and goes on; any other gesture pauses, too.",
  things: { depth: "the depth", width: "the width", scale: "the scale", shift: "the shift", seed: "from seed to seed", latent: "the latent inputs", autopilot: "autopilot" } as Readonly<Record<string, string>>,
  input: (name: string): string => `the input ${name}`,
  play: (what: string): string => `play ${what}`,
  pause: "pause",
  pace: "Pace",
  paces: [["0.25", "slow"], ["1", "usual"], ["3", "fast"]],
  autopilot: "autopilot: zoom on and on, also with the key z",
  full: "full screen, also with the key f; Escape leaves it",
  walk: "Walk in the latent inputs",
  noLatent: "This network has no latent inputs: choose x y r z(4) as its inputs, or cppn by name.",
  flatLatent: "A normalisation over the plane takes the latent inputs out: choose none, or over the channels.",
  bredLatent: "Its latent inputs are no seed\u2019s: take a seed first.",
  between: (from: string, to: string): string => `${from} \u2192 ${to}`,
  walked: (seed: string): string => `${seed}, its inputs z walking`,
  deepest: "This is the deepest zoom: nothing narrower is drawn here. The autopilot has stopped.",
  nothing: "Nothing more is to be seen farther in. The autopilot has stopped.",
  stuck: (why: string): string => `Stopped here. ${why}`,
  fixed: (what: string): string => `Nothing to play: ${what} is none of this network\u2019s numbers.`,
} as const;
