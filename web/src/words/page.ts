// The words of the pictures, of what stands around them, and of the measures.

export const PAGE = {
  notice: {
    one: "Nothing more is below: all of the frame is one linear region. ",
    fly: (what: string): string => `Fly to ${what}`,
  },
  status: {
    away: "The server is away; trying again.",
    lost: "the server is away; trying again",
    ways: { gpu: "GPU", server: "server", page: "this page" },
    turn: "turn it over",
    fitted: "contrast fitted to the view",
    grows: { up: "y grows upwards", down: "y grows downwards" },
    frame: "frame",
    frameIs: "the corner marks in the picture, the same on every screen: measures, numbers of cells, commands and downloads are of what lies in them",
    hung: "no answer for 5 s: the picture is the one before",
    drawing: "drawing \u2026",
  },
  veil: {
    label: "This network is not shown",
  },
  zoom: {
    in: "zoom in",
    out: "zoom out",
    home: "home: where this network is looked at first",
  },
  agreement: {
    tell: (who: string, share: string, exact: boolean): string => `${who} decide alike on ${share} of the frame (${exact ? "exact" : "sampled"})`,
  },
  caption: {
    instead: (asked: string, why: string): string => `In place of ${asked}, which is not opened: ${why}`,
    shown: (what: string): string => `; shown is ${what}`,
  },
  key: {
    label: (low: string, high: string): string => `colours from ${low} to ${high}`,
    low: "low",
    high: "high",
    from: (centre: string): string => `from ${centre}`,
  },
  lesson: {
    locked: "locked in this lesson",
  },
  pane: {
    label: (letter: string): string => `Picture ${letter}`,
    role: "picture that zooms",
    ends: (why: string): string => `Zooming in ends here. ${why}`,
    all: (why: string): string => `This is all of it: the view that was asked for is not drawn. ${why}`,
    show: (text: string): string => `Show ${text}`,
    back: (text: string): string => `Back to ${text}`,
  },
  preview: { badge: "preview", title: "calibrated on fewer pixels; the network itself follows" },
  precision: {
    gpu: "float32 differences",
    preview: "preview",
    told: (digits: string, resampled: boolean, share: number): string => digits + (resampled ? ", resampled" : "") + (share === 1 ? "" : `, one pixel of ${share}`),
    beforehand: "drawn beforehand",
  },
  evaluated: {
    beforehand: (pixels: string): string => `Drawn beforehand and shown small; whatever else is asked of it, this page finds on ${pixels} pixels of the unit square. At full size, 600 \u00d7 400: `,
    few: (pixels: string): string => `Its kernels read neighbouring pixels; here the unit square has ${pixels} of them. At full size, 600 \u00d7 400: `,
  },
  address: { left: (what: string): string => `Left out of the address: ${what}` },
  title: { seed: (name: string, seed: number | string): string => `${name}, seed ${seed}`, page: (names: string): string => `${names} \u2013 netwarp` },
  facts: {
    file: "a file",
    values: "only its values are known",
    inputs: (inputs: string): string => `inputs ${inputs}`,
    seed: (seed: number | string): string => `seed ${seed}`,
    bred: "bred",
    classes: "which class wins where",
    margin: "which class wins where, paler where it is less ahead",
    first: (all: string): string => `output 1 of ${all}`,
    channel: (layer: number, channel: string, all: string): string => `layer ${layer}, channel ${channel}${all === "" ? "" : ` of ${all}`}`,
    whole: { label: "the output", text: "the one" },
    three: { label: "the output, all channels", text: "all" },
    one: (all: string): { label: string; text: string } => ({ label: `the output: the first of ${all}`, text: `1 of ${all}` }),
    outputs: (count: number, all: string, after: string): string => `${all} output${count === 1 ? "" : "s"}${after === "" ? "" : ` after ${after}`}`,
    counted: (units: string, parameters: string, depth: number): string => `${units} units, ${parameters} parameters, depth ${depth}`,
  },
  strip: {
    layer: (number: number, name: string): string => `layer ${number}, ${name}`,
    rest: (count: number): string => `+${count}`,
    output: "output",
    out: "out",
    label: "Inside: every layer\u2019s units; arrows move among them",
    told: (kind: string, unit: string): string => `${unit}, ${kind}`,
  },
  cells: {
    none: "cells: only piecewise linear, pointwise networks have exact ones",
    awaited: "counting the cells \u2026",
    title: "The cell here",
    output: (number: number): string => `output ${number}`,
    about: (on: string, units: string, area: string, clipped: boolean): string => `${on} of ${units} units are on. Area ${area}${clipped ? " (its part that is drawn)" : ""}.`,
    sides: "Its sides come from layers ",
    columns: ["slope in x", "slope in y", "value here"],
    at: (x: string, y: string): string => `at ${x}, ${y}`,
  },
  legend: {
    label: "Classes",
    exact: "exact",
    sampled: "sampled",
    rest: (count: string): string => `${count} more`,
    points: (count: string, total: string): string => `${count} of ${total} points are shown`,
  },
  measures: {
    title: (name: string): string => {
      const words = name.replace(/_/g, " ").replace(/^lz/, "LZ");
      return words.charAt(0).toUpperCase() + words.slice(1);
    },
    of: (what: string, points: string): string => `of ${what === "" ? "" : `${what}, in `}the frame, on ${points} points`,
    awaited: "measuring \u2026",
    blurred: "not resolved",
    why: "At half the resolution it comes out more than a tenth different",
    unit: (unit: string): string => `${unit}. `,
    meaning: (text: string): string => `${text} `,
    absent: (why: string): string => `Not here: ${why}. `,
    note: (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}. `,
    more: "more",
    moreOn: (title: string): string => `more on ${title}: formula and source`,
    source: "source",
    sourceOf: (title: string, paper: string): string => `source of ${title}: ${paper}`,
    ramp: (value: string): string => `ramp ${value}`,
    noise: (value: string): string => `noise ${value}`,
    bar: (value: string, ramp: string, noise: string, { ratios, beyond }: { ratios: boolean; beyond: "ramp" | "noise" | null }): string => {
      const where = beyond === null ? "" : beyond === "noise" ? ", beyond white noise" : ", beyond a plain ramp";
      return `${value}${where}; a plain ramp has ${ramp}, white noise ${noise}${ratios ? "; in ratios" : ""}`;
    },
  },
  described: {
    shown: (what: string): string => ` Shown is ${what}.`,
    units: (count: string): string => `, ${count} units`,
    where: (x: string, y: string, width: string): string => `Centre ${x}, ${y}, ${width} wide.`,
    measure: (name: string, value: string, unit: string): string => `${name.replace(/_/g, " ")} ${value} ${unit}`,
    inside: " The frame lies inside one linear region.",
  },
  read: {
    large: (mebibytes: number): string => `the file is larger than ${mebibytes} MiB, which is not read; start it with netwarp explore FILE`,
    no: "the file is not read",
    ownJson: "the file carries no recipe of netwarp\u2019s, and is no JSON of this page; netwarp explore reads models",
    noJson: "the text begins as JSON and is none",
  },
  engine: { stopped: (why: string): string => `the page\u2019s engine stopped: ${why}` },
} as const;
