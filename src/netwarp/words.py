"""The words in which a text of the language is refused: one table, which the page's own reader has too.

`python tools/language.py` writes it into web/src/engine/language/table.ts. A name in braces is what the error is about.
"""

from __future__ import annotations

from typing import Final

# what rounding makes of the values
ROUNDING: Final = (
    "rounding: off by about {many} of the deviation ({how}); "
    "{dtype} has too few digits for this network, and what is shown is not its function"
)
MORE_THAN_ONE: Final = "more than one"
COMPUTED_EXACTLY: Final = "the largest error of {points} points computed exactly"
ESTIMATED: Final = "estimated"

# the cells in the frame that a page marks
CELLS_EXACT: Final = "{count} cell{plural} in the frame, exact"
CELLS_ABOUT: Final = "about {count} cell{plural} in the frame: {signs} sign{signs_plural} within rounding"
CELLS_MORE: Final = "more than {count} cells in the frame: zoom in to see them"
NO_CELLS: Final = "cells: only piecewise linear, pointwise networks have exact ones"
CELLS_TOO_SMALL: Final = "cells: a float64 has too few digits for a view this small; netwarp explore finds them"
CELLS_TOO_LONG: Final = "cells: took more than {seconds} seconds, stopped"

# values
DID_YOU_MEAN: Final = '; did you mean "{name}"?'
BITS: Final = "an integer of {bits} bits"
HINT: Final = ", as in {example}"
NOT_WHOLE: Final = "{what}={value}: must be a whole number{hint}"
AT_LEAST: Final = "{what}={value}: must be at least {least}{hint}"
BETWEEN: Final = "{what}={value}: must be {least} to {most}{hint}"
NOT_FINITE: Final = "{what}={value}: must be a finite number"

# the characters and tokens of a text
NOT_TEXT: Final = "must be text, not {type}"
TOO_LONG: Final = "{count} characters, at most {most} are allowed; repeat with *"
EMPTY: Final = "empty text"
CHARACTER: Final = "character {character} is not allowed"
TOO_NESTED: Final = "nested too deep: at most {most} brackets may be open"
CLOSES_NOTHING: Final = '"{bracket}" closes no bracket'
QUOTE_OPEN: Final = "quote is never closed"
BRACKET_OPEN: Final = '"{bracket}" is never closed'
TOO_LARGE: Final = "number too large"

# a text that is no expression
RUN_ON: Final = "cannot be read: a number runs into a word"
LEADING_ZEROS: Final = "cannot be read: leading zeros in a whole number"
TOO_DEEP: Final = "cannot be read: too long or too deep; repeat with *"
NO_MEANING: Final = 'cannot be read: "{what}" has no meaning here'
SIDE_BY_SIDE: Final = "cannot be read: between these two an operator or a comma is missing"
NOTHING_BEFORE: Final = 'cannot be read: nothing stands before "{what}"'
NOTHING_AFTER: Final = 'cannot be read: nothing follows "{what}"'
NOT_AN_ARGUMENT: Final = 'cannot be read: "=" gives an argument its value, as in conv(10, act="relu")'
ORDER: Final = "cannot be read: an argument without a name stands behind one with a name"
NO_EXPRESSION: Final = "cannot be read: this is no expression of Python"

# what Python can say and the language cannot
NOT_PART: Final = "{what} is not part of the language"
F_STRING: Final = "an f-string"
T_STRING: Final = "a t-string"
BYTES: Final = "a bytes string"
IMAGINARY: Final = "an imaginary number"
THIS: Final = "this"
ATTRIBUTE: Final = "an attribute"
AWAIT: Final = "await"
AND_OR: Final = "and / or"
COMPARISON: Final = "a comparison"
DICTIONARY: Final = "a dictionary"
COMPREHENSION: Final = "a comprehension"
IF_ELSE: Final = "if / else"
LAMBDA: Final = "a lambda"
LIST: Final = "a list"
ASSIGNMENT: Final = "an assignment"
SET: Final = "a set"
STARRED: Final = "unpacking with *"
STARRED_TWICE: Final = "unpacking with **"
INDEXING: Final = "indexing"
OPERATOR: Final = "this operator"
YIELD: Final = "yield"
MINUS: Final = "the minus sign needs a number"
BINARY: Final = 'operator "{symbol}" is not part of the language;{allowed}'
BINARY_ALLOWED: Final = ' only ">>" and "*" are'
BINARY_NONE: Final = " write a number"

# names, calls and their arguments
NAME_HINT: Final = 'name "{name}": {hint}'
NEEDS_BRACKETS: Final = '"{name}" needs its arguments in brackets, as in {name}(...)'
UNKNOWN_NUMBER: Final = "unknown name {name}: only a number can stand here, as 3 or 0.5"
UNKNOWN: Final = "unknown name {name}{near}"
UNKNOWN_ALLOWED: Final = "unknown name {name}; allowed are {allowed}{numbers}"
AND_NUMBERS: Final = ", and numbers"
IN_QUOTES: Final = 'write it in quotes, as in {argument}="{name}"'
OF_THE_ZOO: Final = 'it names an architecture of the zoo: nw.zoo.find("{name}").architecture, or its text {text}'
SOFTMAX: Final = "mixes the channels; leave it out, and the largest channel of the output stays the largest"
CALL_A_NAME: Final = "only a known name can be called, as in conv(10)"
NO_ARGUMENTS: Final = '"{name}" takes no arguments'
NO_KEYWORDS: Final = "{name}(...) takes no keywords"
TOO_MANY: Final = "{name}(...) takes {most} argument{plural} in order{options}"
AT_MOST: Final = "at most {count}"
NO: Final = "no"
IN_ORDER: Final = ": {names}"
TAKES_NONE: Final = "{name}(...) takes no arguments; write {name}()"
NAME_THE_REST: Final = "; name the rest: {names}"
NO_ARGUMENT: Final = "{name}(...) has no argument {argument}{near}"
IT_TAKES: Final = "; it takes {names}"
IT_TAKES_NONE: Final = "; it takes none"
TWICE: Final = "{name}(...) is given {argument} twice"
MISSES: Final = "{name}(...) misses its argument {argument}; it takes {names}"
BESIDE: Final = '{value} beside ">>": only layers can follow one another'
REPEATS: Final = '"*" needs a layer and a whole number, as in conv(10) * 3'

# what a whole text must be
NO_LAYER: Final = "{value} is not a layer; try conv(10) * 10"
NO_ACTIVATION: Final = '{value} is not an activation; try "relu"'
NO_NORM: Final = "{value} is not a norm; try spatial(scale=3), layer or none"
NO_DISTRIBUTION: Final = "{value} is not a distribution; try 3, normal(2) or uniform(0, 1)"
NO_INITIALISER: Final = "{value} is not an initialiser; try he, or normal(0.1)"
NO_INPUT: Final = '{value} is not an input; try "x y r"'
ANY_ACTIVATION: Final = '{what}={value}: must be an activation, as in "relu" or "leaky(0.1)"'
ANY_NORM: Final = "{what}={value}: must be a norm, as in spatial(scale=3), layer() or None"
ANY_INITIALISER: Final = '{what}={value}: must be an initialiser, as in "he" or "normal(0.1)"'
ANY_INPUTS: Final = '{what}={value}: must be inputs, as in "x y r"'

# specs and inputs
ANY_DISTRIBUTION: Final = "{what}={value}: must be a number, normal(std), normal(mean, std) or uniform(low, high)"
LOW_ABOVE_HIGH: Final = "uniform low={low}: must not be above high={high}"
PERIODIC: Final = "periodic axis={value}: must be x or y, as in periodic(x)"
EMBED_LENGTH: Final = "embed {name}: {count} numbers, but origin has {wanted}; give as many"
NO_VECTOR: Final = "{what}={value}: must be a tuple of numbers, as in (0, 0.5)"
NO_NUMBER: Final = "{what}=(): must hold at least one number"
SCALES: Final = "inputs: more than one scale; leave one"
NO_INPUTS: Final = 'inputs: at least one is needed; try "x y"'
GROUP: Final = "wallpaper group={value}: is none of the 17 groups {groups}"
CELL: Final = "wallpaper cell={value}: must be positive, as in cell=0.5"
NOT_FREE: Final = "wallpaper {name}: the lattice of {group} is {lattice}, which leaves it no choice; leave it out"
SYMMETRIES: Final = "inputs: more than one symmetry, {first} and {second}; leave one"
UNSYMMETRIC: Final = "inputs: {part} has not the symmetry of {symmetry}; beside it may stand {allowed}"
READS_NOTHING: Final = "reads no x, y or r; a constant input is bias, or z((3,))"
NO_FUNCTION: Final = "no function of inputs; there are {allowed}"
ONE_ARGUMENT: Final = "{name}(...) takes one argument, as in {name}(3*x)"
NO_TERM: Final = "not part of an input; it is of x, y, r, numbers and functions, with +, - and *"
FACTORS: Final = "more than {most} factors; multiply fewer"
TERMS: Final = "more than {most} terms; add fewer"
NOT_POINTWISE: Final = "{layer}: looks beside a point, which {symmetry} cannot keep symmetric; take kernel 1, no pool"

# layers
GROUPS: Final = "conv groups={groups}: must divide channels={channels}"
POOL: Final = 'pool kind={value}: must be "max" or "avg"{near}'
BIAS: Final = "{owner} bias={value}: must be True, False or None (automatic)"
BARE_NORM: Final = "norm norm=None: a bare norm must be spatial(...) or layer(...); leave it out instead"
BODY: Final = "{owner} body={value}: must be a layer, as in conv(10)"
LAYERS: Final = "{owner} of {value}: must be layers, as in conv(10)"
NO_BRANCH: Final = "parallel(): needs at least one branch, as in parallel(conv(8), conv(8, 3))"
PAIR: Final = "{what}={value}: must be two whole numbers, as in (10, 20)"
TIMES: Final = "repetition times={times}: must be at most 10^18"

# architectures
NO_TREE: Final = "Architecture tree={value}: must be a layer, as in conv(10) * 10; a text goes to parse"
NEST_LESS: Final = "Architecture: nested too deep, at most {most} brackets are allowed; nest less"
WRITTEN_TOO_LONG: Final = "Architecture: its text has more than {most} characters; repeat with *"

# sizes, where a tree is walked
TOO_MANY_LAYERS: Final = "architecture of {found} layers: at most {most} are allowed; repeat less often"
TOO_MANY_STEPS: Final = "architecture of {found} steps: at most {most} are allowed; repeat less often"
TOO_MANY_PARAMETERS: Final = "architecture of {found} parameters: at most {most} are allowed; use fewer layers"
TOO_MANY_CHANNELS: Final = "{layer}: {found} channels, at most {most} are allowed"
FIELD_TOO_WIDE: Final = "{layer}: sees {found} calibration pixels, at most {most} are allowed; stride less"
GROUPS_READ: Final = "{layer}: groups={groups} must divide the {channels} channels it reads"
STRIDES: Final = "{layer}: its branches have strides {strides}; give all the same, as with stride=1"
MAGNITUDE: Final = "about 10^{power}"
LAYER_AT: Final = "layer {path}, {text}"

# numbers, where a network is drawn and calibrated
DRAWN_BEYOND: Final = "{name}={drawn}: numbers drawn for {key} are beyond what a float64 holds; choose smaller ones"
NORMALISED_BEYOND: Final = (
    "layer {layer}: what is normalised has values, or their squares, beyond what float64 holds; "
    "lower the initialiser's gain or std"
)
FOLDED_BEYOND: Final = (
    "layer {layer}: scale up to {scale} and shift up to {shift} are too large for float32 weights, at most some 1e38; "
    "choose smaller ones"
)
