// What the page says, in one table: a translation is another one. A function takes what its sentence is about.

export const SAID = {
  help: {
    title: "How to look",
    lead: "A network that is fed nothing but the x and the y of every point draws a picture. The busier the picture, the more complicated the function. Drag to move, turn the wheel or pinch to zoom; there is no end to it.",
    keys: [
      ["\u2190 \u2191 \u2192 \u2193", "move over the plane; with Shift, farther"],
      ["+ \u2212", "zoom in and out, also on every slider with the arrows"],
      ["0", "home: where the network is looked at first"],
      ["Enter", "the cell at the centre, where cells are shown"],
      ["n p", "next and previous seed, of networks that a seed draws"],
      ["r", "a random seed"],
      ["g", "the gallery"],
      ["s", "share"],
      ["c", "cells on and off"],
      ["Alt \u2190", "undo: the browser\u2019s Back"],
      ["?", "this sheet"],
    ],
    drop: "A picture, a JSON or an npz of weights can be dropped anywhere on the page. The address always says all of what you see.",
  },
  share: {
    forms: { address: "Address", cli: "Command line", python: "Python", json: "JSON" },
    example: "an address, JSON, Python, a command line, an architecture",
    fileLink: "the HTML file",
    only: ["The address opens on this machine alone. To show this to others, send them ", ", which needs no server."],
    title: "Keep and share",
    back: "Paste any of these back",
    show: "Show it",
    orFile: "or a file that was downloaded, or of a model",
    several: "Command line and Python draw each picture into a file of its own.",
    copy: "Copy",
    selected: "Selected",
    copied: "Copied",
  },
  notice: {
    one: "Nothing more is below: all of this view is one linear region. ",
    fly: (what: string): string => `Fly to ${what}`,
  },
  status: {
    away: "The server is away; trying again.",
    lost: "the server is away; trying again",
    ways: { gpu: "GPU", server: "server", page: "this page" },
    turn: "turn it over",
    fitted: "contrast fitted to the view",
    grows: { up: "y grows upwards", down: "y grows downwards" },
    width: "width",
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
  gallery: {
    title: "What does a network draw?",
    lead: "Every picture here is one network, shown the x and the y of each point and nothing else. Begin with any of them.",
  },
  neighbours: {
    title: "Neighbours",
    lead: "The present network with one thing changed. Go on from any of them.",
  },
  drawing: {
    them: "Drawing them \u2026",
  },
  agreement: {
    tell: (who: string, share: string, exact: boolean): string => `${who} decide alike on ${share} of what is in view (${exact ? "exact" : "sampled"})`,
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
} as const;
