// Written by tools/language.py from netwarp: the words, limits, patterns and names of the language.

/** An argument of a call: given in order or by name, only by name, or one of any number. */
export interface Parameter {
  readonly name: string;
  readonly given: "order" | "name" | "all";
  readonly required: boolean;
}

/** What may be said: the functions with their arguments, the bare names, and what to write in place of others. */
export interface Said {
  readonly calls: Readonly<Record<string, readonly Parameter[]>>;
  readonly names: readonly string[];
  readonly hints: Readonly<Record<string, string>>;
}

/** The number beside an activation's name; a learned one is not in the text. */
export interface Argument {
  readonly name: string;
  readonly usual: number;
  readonly random: boolean;
  readonly learned: boolean;
}

/** A wallpaper group: its lattice, its motions but for the lattice's, and how waves are summed over them. */
export interface Wallpapers {
  readonly lattice: string;
  readonly motions: readonly (readonly [number, number, number, number, number, number])[];
  readonly pairs: number;
  readonly rest: number;
}

export const WORDS = {
  "ROUNDING": "rounding: off by about {many} of the deviation ({how}); {dtype} has too few digits for this network, and what is shown is not its function",
  "MORE_THAN_ONE": "more than one",
  "COMPUTED_EXACTLY": "the largest error of {points} points computed exactly",
  "ESTIMATED": "estimated",
  "CELLS_EXACT": "{count} cell{plural} in the frame, exact",
  "CELLS_ABOUT": "about {count} cell{plural} in the frame: {signs} sign{signs_plural} within rounding",
  "CELLS_MORE": "more than {count} cells in the frame: zoom in to see them",
  "NO_CELLS": "cells: only piecewise linear, pointwise networks have exact ones",
  "CELLS_TOO_SMALL": "cells: a float64 has too few digits for a view this small; netwarp explore finds them",
  "CELLS_TOO_LONG": "cells: took more than {seconds} seconds, stopped",
  "DID_YOU_MEAN": "; did you mean \"{name}\"?",
  "BITS": "an integer of {bits} bits",
  "HINT": ", as in {example}",
  "NOT_WHOLE": "{what}={value}: must be a whole number{hint}",
  "AT_LEAST": "{what}={value}: must be at least {least}{hint}",
  "BETWEEN": "{what}={value}: must be {least} to {most}{hint}",
  "NOT_FINITE": "{what}={value}: must be a finite number",
  "NOT_TEXT": "must be text, not {type}",
  "TOO_LONG": "{count} characters, at most {most} are allowed; repeat with *",
  "EMPTY": "empty text",
  "CHARACTER": "character {character} is not allowed",
  "TOO_NESTED": "nested too deep: at most {most} brackets may be open",
  "CLOSES_NOTHING": "\"{bracket}\" closes no bracket",
  "QUOTE_OPEN": "quote is never closed",
  "BRACKET_OPEN": "\"{bracket}\" is never closed",
  "TOO_LARGE": "number too large",
  "RUN_ON": "cannot be read: a number runs into a word",
  "LEADING_ZEROS": "cannot be read: leading zeros in a whole number",
  "TOO_DEEP": "cannot be read: too long or too deep; repeat with *",
  "NO_MEANING": "cannot be read: \"{what}\" has no meaning here",
  "SIDE_BY_SIDE": "cannot be read: between these two an operator or a comma is missing",
  "NOTHING_BEFORE": "cannot be read: nothing stands before \"{what}\"",
  "NOTHING_AFTER": "cannot be read: nothing follows \"{what}\"",
  "NOT_AN_ARGUMENT": "cannot be read: \"=\" gives an argument its value, as in conv(10, act=\"relu\")",
  "ORDER": "cannot be read: an argument without a name stands behind one with a name",
  "NO_EXPRESSION": "cannot be read: this is no expression of Python",
  "NOT_PART": "{what} is not part of the language",
  "F_STRING": "an f-string",
  "T_STRING": "a t-string",
  "BYTES": "a bytes string",
  "IMAGINARY": "an imaginary number",
  "THIS": "this",
  "ATTRIBUTE": "an attribute",
  "AWAIT": "await",
  "AND_OR": "and / or",
  "COMPARISON": "a comparison",
  "DICTIONARY": "a dictionary",
  "COMPREHENSION": "a comprehension",
  "IF_ELSE": "if / else",
  "LAMBDA": "a lambda",
  "LIST": "a list",
  "ASSIGNMENT": "an assignment",
  "SET": "a set",
  "STARRED": "unpacking with *",
  "STARRED_TWICE": "unpacking with **",
  "INDEXING": "indexing",
  "OPERATOR": "this operator",
  "YIELD": "yield",
  "MINUS": "the minus sign needs a number",
  "BINARY": "operator \"{symbol}\" is not part of the language;{allowed}",
  "BINARY_ALLOWED": " only \">>\" and \"*\" are",
  "BINARY_NONE": " write a number",
  "NAME_HINT": "name \"{name}\": {hint}",
  "NEEDS_BRACKETS": "\"{name}\" needs its arguments in brackets, as in {name}(...)",
  "UNKNOWN_NUMBER": "unknown name {name}: only a number can stand here, as 3 or 0.5",
  "UNKNOWN": "unknown name {name}{near}",
  "UNKNOWN_ALLOWED": "unknown name {name}; allowed are {allowed}{numbers}",
  "AND_NUMBERS": ", and numbers",
  "IN_QUOTES": "write it in quotes, as in {argument}=\"{name}\"",
  "OF_THE_ZOO": "it names an architecture of the zoo: nw.zoo.find(\"{name}\").architecture, or its text {text}",
  "SOFTMAX": "mixes the channels; leave it out, and the largest channel of the output stays the largest",
  "CALL_A_NAME": "only a known name can be called, as in conv(10)",
  "NO_ARGUMENTS": "\"{name}\" takes no arguments",
  "NO_KEYWORDS": "{name}(...) takes no keywords",
  "TOO_MANY": "{name}(...) takes {most} argument{plural} in order{options}",
  "AT_MOST": "at most {count}",
  "NO": "no",
  "IN_ORDER": ": {names}",
  "TAKES_NONE": "{name}(...) takes no arguments; write {name}()",
  "NAME_THE_REST": "; name the rest: {names}",
  "NO_ARGUMENT": "{name}(...) has no argument {argument}{near}",
  "IT_TAKES": "; it takes {names}",
  "IT_TAKES_NONE": "; it takes none",
  "TWICE": "{name}(...) is given {argument} twice",
  "MISSES": "{name}(...) misses its argument {argument}; it takes {names}",
  "BESIDE": "{value} beside \">>\": only layers can follow one another",
  "REPEATS": "\"*\" needs a layer and a whole number, as in conv(10) * 3",
  "NO_LAYER": "{value} is not a layer; try conv(10) * 10",
  "NO_ACTIVATION": "{value} is not an activation; try \"relu\"",
  "NO_NORM": "{value} is not a norm; try spatial(scale=3), layer or none",
  "NO_DISTRIBUTION": "{value} is not a distribution; try 3, normal(2) or uniform(0, 1)",
  "NO_INITIALISER": "{value} is not an initialiser; try he, or normal(0.1)",
  "NO_INPUT": "{value} is not an input; try \"x y r\"",
  "ANY_ACTIVATION": "{what}={value}: must be an activation, as in \"relu\" or \"leaky(0.1)\"",
  "ANY_NORM": "{what}={value}: must be a norm, as in spatial(scale=3), layer() or None",
  "ANY_INITIALISER": "{what}={value}: must be an initialiser, as in \"he\" or \"normal(0.1)\"",
  "ANY_INPUTS": "{what}={value}: must be inputs, as in \"x y r\"",
  "ANY_DISTRIBUTION": "{what}={value}: must be a number, normal(std), normal(mean, std) or uniform(low, high)",
  "LOW_ABOVE_HIGH": "uniform low={low}: must not be above high={high}",
  "PERIODIC": "periodic axis={value}: must be x or y, as in periodic(x)",
  "EMBED_LENGTH": "embed {name}: {count} numbers, but origin has {wanted}; give as many",
  "NO_VECTOR": "{what}={value}: must be a tuple of numbers, as in (0, 0.5)",
  "NO_NUMBER": "{what}=(): must hold at least one number",
  "SCALES": "inputs: more than one scale; leave one",
  "NO_INPUTS": "inputs: at least one is needed; try \"x y\"",
  "GROUP": "wallpaper group={value}: is none of the 17 groups {groups}",
  "CELL": "wallpaper cell={value}: must be positive, as in cell=0.5",
  "NOT_FREE": "wallpaper {name}: the lattice of {group} is {lattice}, which leaves it no choice; leave it out",
  "SYMMETRIES": "inputs: more than one symmetry, {first} and {second}; leave one",
  "UNSYMMETRIC": "inputs: {part} has not the symmetry of {symmetry}; beside it may stand {allowed}",
  "READS_NOTHING": "reads no x, y or r; a constant input is bias, or z((3,))",
  "NO_FUNCTION": "no function of inputs; there are {allowed}",
  "ONE_ARGUMENT": "{name}(...) takes one argument, as in {name}(3*x)",
  "NO_TERM": "not part of an input; it is of x, y, r, numbers and functions, with +, - and *",
  "FACTORS": "more than {most} factors; multiply fewer",
  "TERMS": "more than {most} terms; add fewer",
  "NOT_POINTWISE": "{layer}: looks beside a point, which {symmetry} cannot keep symmetric; take kernel 1, no pool",
  "GROUPS": "conv groups={groups}: must divide channels={channels}",
  "POOL": "pool kind={value}: must be \"max\" or \"avg\"{near}",
  "BIAS": "{owner} bias={value}: must be True, False or None (automatic)",
  "BARE_NORM": "norm norm=None: a bare norm must be spatial(...) or layer(...); leave it out instead",
  "BODY": "{owner} body={value}: must be a layer, as in conv(10)",
  "LAYERS": "{owner} of {value}: must be layers, as in conv(10)",
  "NO_BRANCH": "parallel(): needs at least one branch, as in parallel(conv(8), conv(8, 3))",
  "PAIR": "{what}={value}: must be two whole numbers, as in (10, 20)",
  "TIMES": "repetition times={times}: must be at most 10^18",
  "NO_TREE": "Architecture tree={value}: must be a layer, as in conv(10) * 10; a text goes to parse",
  "NEST_LESS": "Architecture: nested too deep, at most {most} brackets are allowed; nest less",
  "WRITTEN_TOO_LONG": "Architecture: its text has more than {most} characters; repeat with *",
  "TOO_MANY_LAYERS": "architecture of {found} layers: at most {most} are allowed; repeat less often",
  "TOO_MANY_STEPS": "architecture of {found} steps: at most {most} are allowed; repeat less often",
  "TOO_MANY_PARAMETERS": "architecture of {found} parameters: at most {most} are allowed; use fewer layers",
  "TOO_MANY_CHANNELS": "{layer}: {found} channels, at most {most} are allowed",
  "FIELD_TOO_WIDE": "{layer}: sees {found} calibration pixels, at most {most} are allowed; stride less",
  "GROUPS_READ": "{layer}: groups={groups} must divide the {channels} channels it reads",
  "STRIDES": "{layer}: its branches have strides {strides}; give all the same, as with stride=1",
  "MAGNITUDE": "about 10^{power}",
  "LAYER_AT": "layer {path}, {text}",
  "DRAWN_BEYOND": "{name}={drawn}: numbers drawn for {key} are beyond what a float64 holds; choose smaller ones",
  "NORMALISED_BEYOND": "layer {layer}: what is normalised has values, or their squares, beyond what float64 holds; lower the initialiser's gain or std",
  "FOLDED_BEYOND": "layer {layer}: scale up to {scale} and shift up to {shift} are too large for float32 weights, at most some 1e38; choose smaller ones"
} as const;

export const PATTERNS = {
  "quote": "(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?(?:'''|\"\"\"|'|\")",
  "number": "0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:(?:[0-9](?:_?[0-9])*)?\\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\\.)(?:[eE][+-]?[0-9](?:_?[0-9])*)?[jJ]?|[0-9](?:_?[0-9])*[eE][+-]?[0-9](?:_?[0-9])*[jJ]?|[0-9](?:_?[0-9])*[jJ]|[1-9](?:_?[0-9])*|0(?:_?0)*",
  "name": "[A-Za-z_][A-Za-z0-9_]*",
  "symbol": "\\.\\.\\.|\\*\\*=|//=|>>=|<<=|\\*\\*|//|>>|<<|<=|>=|==|!=|<>|->|:=|\\+=|-=|\\*=|/=|%=|@=|&=|\\|=|\\^=|[-+*/%@&|^~<>()\\[\\]{},:.=]"
} as const;

export const LIMITS = {
  "characters": 10000,
  "nestings": 50,
  "digits": 4000,
  "bits": 13000,
  "operators": 1500,
  "words": 300,
  "kernels": 11,
  "sizes": 1024,
  "message": 600,
  "likeness": 0.5,
  "layers": 10000,
  "steps": 40000,
  "channels": 1000000,
  "field": 65536,
  "parameters": 100000000,
  "beside": 10,
  "factors": 64,
  "terms": 1000,
  "folds": 360,
  "fewest": 4,
  "modes": 64,
  "longest": 10.0
} as const;

export const SYMMETRY = {
  "waves": 8,
  "sigma": 2.0,
  "cell": 0.5
} as const;

export const LARGEST = 1000000000000000000n;

export const EXACT = 1000000000000000000n;

export const KEYWORDS: readonly string[] = ["False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield"];

export const VALUES: readonly string[] = ["None", "True", "False"];

export const BEFORE: readonly string[] = ["lambda", "await", "yield", "not"];

export const BETWEEN: readonly string[] = ["and", "or", "in", "is", "if", "else", "for", "from", "async"];

export const SIGNS: readonly string[] = ["+", "-", "~"];

export const UNPACKED_AFTER: readonly string[] = ["(", "[", "{", ",", "for", "yield", "lambda"];

export const NEITHER: readonly string[] = ["->", "<>", "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="];

export const ACTIVATIONS: Readonly<Record<string, Argument | null>> = {"relu": null, "leaky": {"name": "slope", "usual": 0.01, "random": true, "learned": false}, "prelu": {"name": "slope", "usual": 0.25, "random": false, "learned": true}, "elu": null, "selu": null, "gelu": null, "silu": null, "mish": null, "softplus": null, "tanh": null, "tanhshrink": null, "softsign": null, "erf": null, "sigmoid": null, "hardtanh": null, "relu6": null, "hardsigmoid": null, "hardswish": null, "abs": null, "sin": {"name": "omega", "usual": 1.0, "random": false, "learned": false}, "cos": null, "gaussian": null, "square": null, "step": null, "linear": null};

export const SPELLINGS: Readonly<Record<string, string>> = {"identity": "linear", "leakyrelu": "leaky", "logistic": "sigmoid", "swish": "silu"};

export const GRAMMARS: Readonly<Record<"part" | "activation" | "norm" | "distribution" | "initialiser" | "inputs", Said>> = {"part": {"calls": {"conv": [{"name": "channels", "given": "order", "required": true}, {"name": "kernel", "given": "order", "required": false}, {"name": "groups", "given": "name", "required": false}, {"name": "act", "given": "name", "required": false}, {"name": "norm", "given": "name", "required": false}, {"name": "init", "given": "name", "required": false}, {"name": "bias", "given": "name", "required": false}], "depthwise": [{"name": "kernel", "given": "order", "required": true}, {"name": "act", "given": "name", "required": false}, {"name": "norm", "given": "name", "required": false}, {"name": "init", "given": "name", "required": false}, {"name": "bias", "given": "name", "required": false}], "maxout": [{"name": "channels", "given": "order", "required": true}, {"name": "pieces", "given": "order", "required": true}, {"name": "kernel", "given": "order", "required": false}, {"name": "norm", "given": "name", "required": false}, {"name": "init", "given": "name", "required": false}, {"name": "bias", "given": "name", "required": false}], "pool": [{"name": "kind", "given": "order", "required": true}, {"name": "size", "given": "order", "required": true}, {"name": "stride", "given": "order", "required": false}], "act": [{"name": "activation", "given": "order", "required": false}], "norm": [{"name": "norm", "given": "order", "required": false}], "residual": [{"name": "body", "given": "order", "required": true}], "dense": [{"name": "body", "given": "order", "required": true}], "parallel": [{"name": "branches", "given": "all", "required": false}], "gated": [{"name": "body", "given": "order", "required": true}], "inception": [{"name": "one", "given": "order", "required": true}, {"name": "three", "given": "order", "required": true}, {"name": "five", "given": "order", "required": true}, {"name": "pool", "given": "order", "required": true}, {"name": "kernels", "given": "name", "required": false}, {"name": "act", "given": "name", "required": false}, {"name": "norm", "given": "name", "required": false}, {"name": "init", "given": "name", "required": false}], "spatial": [{"name": "scale", "given": "order", "required": false}, {"name": "shift", "given": "order", "required": false}, {"name": "eps", "given": "name", "required": false}], "layer": [{"name": "scale", "given": "order", "required": false}, {"name": "shift", "given": "order", "required": false}, {"name": "eps", "given": "name", "required": false}], "layer_norm": [{"name": "scale", "given": "order", "required": false}, {"name": "shift", "given": "order", "required": false}, {"name": "eps", "given": "name", "required": false}], "normal": [{"name": "mean", "given": "order", "required": true}, {"name": "std", "given": "order", "required": false}], "uniform": [{"name": "low", "given": "order", "required": true}, {"name": "high", "given": "order", "required": true}]}, "names": [], "hints": {"shallow": "it names an architecture of the zoo: nw.zoo.find(\"shallow\").architecture, or its text conv(100)", "deep": "it names an architecture of the zoo: nw.zoo.find(\"deep\").architecture, or its text conv(10) * 10", "shallow-3x3": "it names an architecture of the zoo: nw.zoo.find(\"shallow-3x3\").architecture, or its text conv(100, 3)", "deep-3x3": "it names an architecture of the zoo: nw.zoo.find(\"deep-3x3\").architecture, or its text conv(10, 3) * 10", "nin": "it names an architecture of the zoo: nw.zoo.find(\"nin\").architecture, or its text (conv(20, 5) >> conv(20) >> conv(20)) * 3", "vgg": "it names an architecture of the zoo: nw.zoo.find(\"vgg\").architecture, or its text (conv(16, 3) * 2 >> pool(\"max\", 2)) * 3", "resnet": "it names an architecture of the zoo: nw.zoo.find(\"resnet\").architecture, or its text residual(conv(16, 3) * 2) * 5", "preactivation": "it names an architecture of the zoo: nw.zoo.find(\"preactivation\").architecture, or its text conv(16, 3) >> residual((norm() >> act() >> conv(16, 3, act=\"linear\", norm=None)) * 2) * 5 >> norm() >> act()", "densenet": "it names an architecture of the zoo: nw.zoo.find(\"densenet\").architecture, or its text dense(conv(8, 3)) * 4", "mobilenet": "it names an architecture of the zoo: nw.zoo.find(\"mobilenet\").architecture, or its text conv(16, 3) >> (depthwise(3) >> conv(16)) * 5", "leaky": "write it in quotes, as in act=\"leaky\"", "average-pool": "it names an architecture of the zoo: nw.zoo.find(\"average-pool\").architecture, or its text (conv(10, 3) * 2 >> pool(\"avg\", 2)) * 3", "max-pool": "it names an architecture of the zoo: nw.zoo.find(\"max-pool\").architecture, or its text (conv(10, 3) * 2 >> pool(\"max\", 2)) * 3", "cppn": "it names an architecture of the zoo: nw.zoo.find(\"cppn\").architecture, or its text Architecture(conv(32) * 4, act=\"tanh\", norm=None, init=\"normal(1, bias=normal(1))\", inputs=\"x y r z(32, uniform(-1, 1)) scale(8)\", out_act=\"sigmoid\")", "cppn-softplus": "it names an architecture of the zoo: nw.zoo.find(\"cppn-softplus\").architecture, or its text Architecture((conv(32) >> conv(32, act=\"softplus\")) * 3, act=\"tanh\", norm=None, init=\"normal(1, bias=normal(1))\", inputs=\"x y r z(32, uniform(-1, 1)) scale(8)\", out_act=\"sigmoid\")", "cppn-residual": "it names an architecture of the zoo: nw.zoo.find(\"cppn-residual\").architecture, or its text Architecture(conv(32) >> residual(conv(32)) * 3, act=\"tanh\", norm=None, init=\"normal(1, bias=normal(1))\", inputs=\"x y r z(32, uniform(-1, 1)) scale(8)\", out_act=\"sigmoid\")", "cppn-mixed": "it names an architecture of the zoo: nw.zoo.find(\"cppn-mixed\").architecture, or its text Architecture(parallel(conv(8), conv(8, act=\"sin\"), conv(8, act=\"gaussian\"), conv(8, act=\"abs\")) * 4, act=\"tanh\", norm=None, init=\"normal(0.35, bias=normal(1))\", inputs=\"x y r bias scale(4)\", out_act=\"sigmoid\")", "cppn-0.1": "it names an architecture of the zoo: nw.zoo.find(\"cppn-0.1\").architecture, or its text Architecture(conv(32, init=\"normal(8, bias=normal(1))\") >> conv(32) * 2, act=\"tanh\", norm=None, init=\"normal(1, bias=normal(1))\", inputs=\"x y r z(8)\", out_act=\"sigmoid\")", "siren": "it names an architecture of the zoo: nw.zoo.find(\"siren\").architecture, or its text Architecture(conv(64, init=\"uniform(1, bias=uniform(-0.7071, 0.7071))\") >> conv(64) * 3, act=\"sin(30)\", norm=None, init=\"uniform(0.010206, bias=uniform(-0.125, 0.125))\")", "fourier": "it names an architecture of the zoo: nw.zoo.find(\"fourier\").architecture, or its text Architecture(conv(64) * 3, norm=None, inputs=\"fourier(32, 4)\", out_act=\"sigmoid\")", "he": "write it in quotes, as in init=\"he\"", "xavier": "write it in quotes, as in init=\"xavier\"", "lecun": "write it in quotes, as in init=\"lecun\"", "orthogonal": "write it in quotes, as in init=\"orthogonal\"", "relu": "write it in quotes, as in act=\"relu\"", "prelu": "write it in quotes, as in act=\"prelu\"", "elu": "write it in quotes, as in act=\"elu\"", "selu": "write it in quotes, as in act=\"selu\"", "gelu": "write it in quotes, as in act=\"gelu\"", "silu": "write it in quotes, as in act=\"silu\"", "mish": "write it in quotes, as in act=\"mish\"", "softplus": "write it in quotes, as in act=\"softplus\"", "tanh": "write it in quotes, as in act=\"tanh\"", "tanhshrink": "write it in quotes, as in act=\"tanhshrink\"", "softsign": "write it in quotes, as in act=\"softsign\"", "erf": "write it in quotes, as in act=\"erf\"", "sigmoid": "write it in quotes, as in act=\"sigmoid\"", "hardtanh": "write it in quotes, as in act=\"hardtanh\"", "relu6": "write it in quotes, as in act=\"relu6\"", "hardsigmoid": "write it in quotes, as in act=\"hardsigmoid\"", "hardswish": "write it in quotes, as in act=\"hardswish\"", "abs": "write it in quotes, as in act=\"abs\"", "sin": "write it in quotes, as in act=\"sin\"", "cos": "write it in quotes, as in act=\"cos\"", "gaussian": "write it in quotes, as in act=\"gaussian\"", "square": "write it in quotes, as in act=\"square\"", "step": "write it in quotes, as in act=\"step\"", "linear": "write it in quotes, as in act=\"linear\""}}, "activation": {"calls": {"leaky": [{"name": "slope", "given": "order", "required": true}], "sin": [{"name": "omega", "given": "order", "required": true}]}, "names": ["relu", "leaky", "prelu", "elu", "selu", "gelu", "silu", "mish", "softplus", "tanh", "tanhshrink", "softsign", "erf", "sigmoid", "hardtanh", "relu6", "hardsigmoid", "hardswish", "abs", "sin", "cos", "gaussian", "square", "step", "linear"], "hints": {"softmax": "mixes the channels; leave it out, and the largest channel of the output stays the largest"}}, "norm": {"calls": {"spatial": [{"name": "scale", "given": "order", "required": false}, {"name": "shift", "given": "order", "required": false}, {"name": "eps", "given": "name", "required": false}], "layer": [{"name": "scale", "given": "order", "required": false}, {"name": "shift", "given": "order", "required": false}, {"name": "eps", "given": "name", "required": false}], "layer_norm": [{"name": "scale", "given": "order", "required": false}, {"name": "shift", "given": "order", "required": false}, {"name": "eps", "given": "name", "required": false}]}, "names": ["spatial", "layer", "layer_norm", "none"], "hints": {}}, "distribution": {"calls": {"normal": [{"name": "mean", "given": "order", "required": true}, {"name": "std", "given": "order", "required": false}], "uniform": [{"name": "low", "given": "order", "required": true}, {"name": "high", "given": "order", "required": true}]}, "names": [], "hints": {}}, "initialiser": {"calls": {"he": [{"name": "gain", "given": "order", "required": false}, {"name": "bias", "given": "order", "required": false}], "xavier": [{"name": "gain", "given": "order", "required": false}, {"name": "bias", "given": "order", "required": false}], "lecun": [{"name": "gain", "given": "order", "required": false}, {"name": "bias", "given": "order", "required": false}], "orthogonal": [{"name": "gain", "given": "order", "required": false}, {"name": "bias", "given": "order", "required": false}], "normal": [{"name": "std", "given": "order", "required": true}, {"name": "gain", "given": "order", "required": false}, {"name": "bias", "given": "order", "required": false}], "uniform": [{"name": "a", "given": "order", "required": true}, {"name": "gain", "given": "order", "required": false}, {"name": "bias", "given": "order", "required": false}]}, "names": ["he", "xavier", "lecun", "orthogonal"], "hints": {}}, "inputs": {"calls": {"z": [{"name": "n", "given": "order", "required": true}, {"name": "drawn", "given": "order", "required": false}], "fourier": [{"name": "n", "given": "order", "required": true}, {"name": "sigma", "given": "order", "required": true}], "periodic": [{"name": "axis", "given": "order", "required": true}], "embed": [{"name": "origin", "given": "order", "required": true}, {"name": "u", "given": "order", "required": true}, {"name": "v", "given": "order", "required": true}], "scale": [{"name": "size", "given": "order", "required": true}], "mirror": [{"name": "n", "given": "order", "required": false}, {"name": "sigma", "given": "order", "required": false}], "rotate": [{"name": "fold", "given": "order", "required": true}, {"name": "n", "given": "order", "required": false}, {"name": "sigma", "given": "order", "required": false}], "dihedral": [{"name": "fold", "given": "order", "required": true}, {"name": "n", "given": "order", "required": false}, {"name": "sigma", "given": "order", "required": false}], "wallpaper": [{"name": "group", "given": "order", "required": true}, {"name": "n", "given": "order", "required": false}, {"name": "cell", "given": "order", "required": false}, {"name": "ratio", "given": "order", "required": false}, {"name": "shear", "given": "order", "required": false}]}, "names": ["x", "y", "r", "bias"], "hints": {}}};

export const FUNCTIONS: Readonly<Record<string, string>> = {"relu": "relu", "elu": "elu", "selu": "selu", "gelu": "gelu", "silu": "silu", "mish": "mish", "softplus": "softplus", "tanh": "tanh", "tanhshrink": "tanhshrink", "softsign": "softsign", "erf": "erf", "sigmoid": "sigmoid", "hardtanh": "hardtanh", "relu6": "relu6", "hardsigmoid": "hardsigmoid", "hardswish": "hardswish", "abs": "abs", "sin": "sin", "cos": "cos", "gaussian": "gaussian", "square": "square", "step": "step", "gauss": "gaussian"};

export const WALLPAPERS: Readonly<Record<string, Wallpapers>> = {"p1": {"lattice": "oblique", "motions": [[1, 0, 0, 1, 0, 0]], "pairs": 0, "rest": 1}, "p2": {"lattice": "oblique", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0]], "pairs": 1, "rest": 1}, "pm": {"lattice": "rectangular", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, 0, 0]], "pairs": 1, "rest": 1}, "pg": {"lattice": "rectangular", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, 0, 1]], "pairs": 1, "rest": 1}, "cm": {"lattice": "rhombic", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, 0, 0]], "pairs": 1, "rest": 1}, "pmm": {"lattice": "rectangular", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [-1, 0, 0, 1, 0, 0], [1, 0, 0, -1, 0, 0]], "pairs": 2, "rest": 1}, "pmg": {"lattice": "rectangular", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [-1, 0, 0, 1, 1, 0], [1, 0, 0, -1, 1, 0]], "pairs": 2, "rest": 1}, "pgg": {"lattice": "rectangular", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [-1, 0, 0, 1, 1, 1], [1, 0, 0, -1, 1, 1]], "pairs": 2, "rest": 1}, "cmm": {"lattice": "rhombic", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [-1, 0, 0, 1, 0, 0], [1, 0, 0, -1, 0, 0]], "pairs": 2, "rest": 1}, "p4": {"lattice": "square", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [0, -1, 1, 0, 0, 0], [0, 1, -1, 0, 0, 0]], "pairs": 2, "rest": 1}, "p4m": {"lattice": "square", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [0, -1, 1, 0, 0, 0], [0, 1, -1, 0, 0, 0], [-1, 0, 0, 1, 0, 0], [1, 0, 0, -1, 0, 0], [0, 1, 1, 0, 0, 0], [0, -1, -1, 0, 0, 0]], "pairs": 3, "rest": 1}, "p4g": {"lattice": "square", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [0, -1, 1, 0, 0, 0], [0, 1, -1, 0, 0, 0], [-1, 0, 0, 1, 1, 1], [1, 0, 0, -1, 1, 1], [0, 1, 1, 0, 1, 1], [0, -1, -1, 0, 1, 1]], "pairs": 3, "rest": 1}, "p3": {"lattice": "hexagonal", "motions": [[1, 0, 0, 1, 0, 0], [0, -1, 1, -1, 0, 0], [-1, 1, -1, 0, 0, 0]], "pairs": 0, "rest": 3}, "p3m1": {"lattice": "hexagonal", "motions": [[1, 0, 0, 1, 0, 0], [-1, 1, 0, 1, 0, 0], [0, -1, 1, -1, 0, 0], [0, -1, -1, 0, 0, 0], [-1, 1, -1, 0, 0, 0], [1, 0, 1, -1, 0, 0]], "pairs": 1, "rest": 3}, "p31m": {"lattice": "hexagonal", "motions": [[1, 0, 0, 1, 0, 0], [1, -1, 0, -1, 0, 0], [0, -1, 1, -1, 0, 0], [0, 1, 1, 0, 0, 0], [-1, 1, -1, 0, 0, 0], [-1, 0, -1, 1, 0, 0]], "pairs": 1, "rest": 3}, "p6": {"lattice": "hexagonal", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [0, -1, 1, -1, 0, 0], [0, 1, -1, 1, 0, 0], [-1, 1, -1, 0, 0, 0], [1, -1, 1, 0, 0, 0]], "pairs": 1, "rest": 3}, "p6m": {"lattice": "hexagonal", "motions": [[1, 0, 0, 1, 0, 0], [-1, 0, 0, -1, 0, 0], [-1, 1, 0, 1, 0, 0], [1, -1, 0, -1, 0, 0], [0, -1, 1, -1, 0, 0], [0, 1, -1, 1, 0, 0], [0, -1, -1, 0, 0, 0], [0, 1, 1, 0, 0, 0], [-1, 1, -1, 0, 0, 0], [1, -1, 1, 0, 0, 0], [1, 0, 1, -1, 0, 0], [-1, 0, -1, 1, 0, 0]], "pairs": 2, "rest": 3}};

export const ARCHITECTURE: readonly Parameter[] = [{"name": "tree", "given": "order", "required": true}, {"name": "act", "given": "order", "required": false}, {"name": "norm", "given": "order", "required": false}, {"name": "init", "given": "order", "required": false}, {"name": "inputs", "given": "order", "required": false}, {"name": "out", "given": "order", "required": false}, {"name": "out_act", "given": "order", "required": false}, {"name": "scale", "given": "order", "required": false}];
