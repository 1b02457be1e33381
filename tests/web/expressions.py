"""Random expressions of Python, most of which the language refuses; some with a token or two that is wrong."""

from __future__ import annotations

import random
from collections.abc import Callable

WORDS = ("a", "conv", "match", "print", "1", "2.5", "0x1f", "1j", "'s'", "None", "True", "...")
BINARY = ("+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^")
COMPARED = ("<", ">", "==", "!=", "<=", ">=", "in", "is", "not in", "is not")
WRONG = (
    *BINARY, "(", ")", "[", "]", "{", "}", ",", ":", "=", ".", ":=", "not", "if", "else", "for", "lambda", "yield",
    "await", "from", "async", "<", "1", "x", "'a'",
)  # fmt: skip
TARGETS = ("x", "x", "x , y", "* x", "x ,", "( x , * y )", "[ x ]", "[ ]", "( )", "( x )", "( * x )", "* * x")


class Maker:
    """Makes expressions as lists of tokens, which get simpler with the depth."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def text(self) -> str:
        tokens = self.one(self.chance.randint(1, 5))
        for _ in range(self.chance.choice((0, 0, 0, 1, 2))):
            at = self.chance.randrange(len(tokens) + 1)
            tokens[at : at + self.chance.choice((0, 1, 1))] = self.chance.choice(([], [self.chance.choice(WRONG)]))
        text = self.chance.choice(("", " ", " ")).join(tokens)
        return text if self.chance.random() < 0.7 else f"conv(1, {text})"

    def one(self, depth: int) -> list[str]:
        if depth <= 0:
            return [self.chance.choice(WORDS)]
        return self.chance.choice(self._kinds())(depth - self.chance.choice((1, 2)))

    def _kinds(self) -> tuple[Callable[[int], list[str]], ...]:
        one, pick = self.one, self.chance.choice
        return (
            lambda d: [*one(d), pick(BINARY), *one(d)],
            lambda d: [pick(("-", "+", "~", "not", "await")), *one(d)],
            lambda d: [*one(d), *pick(COMPARED).split(), *one(d)],
            lambda d: [*one(d), pick(("and", "or")), *one(d)],
            lambda d: [*one(d), "if", *one(d), "else", *one(d)],
            lambda d: ["lambda", *self.parameters(), ":", *one(d)],
            lambda d: [*one(d), "(", *self.arguments(d), ")"],
            lambda d: [*one(d), "(", *self.arguments(d), ")"],
            lambda d: [*one(d), ".", "x"],
            lambda d: [*one(d), "[", *self.several(d, self.index), "]"],
            lambda d: ["(", *self.several(d, self.item), *pick(([], [","])), ")"],
            lambda d: ["[", *self.several(d, self.item), *pick(([], [","])), "]"],
            lambda d: ["{", *self.several(d, pick((self.item, self.entry))), *pick(([], [","])), "}"],
            lambda d: [pick(("(", "[", "{")), *one(d), *self.clauses(d), pick((")", "]", "}"))],
            lambda d: ["{", *self.entry(d), *self.clauses(d), "}"],
            lambda d: ["(", "yield", *pick(([], one(d), ["from", *one(d)], [*one(d), ","], ["*", *one(d)])), ")"],
            lambda d: ["'a'", "'b'"],
        )

    def several(self, depth: int, part: Callable[[int], list[str]], most: int = 3) -> list[str]:
        parts = [part(depth) for _ in range(self.chance.randint(0, most))]
        return [token for i, one in enumerate(parts) for token in ([","] if i else []) + one]

    def item(self, depth: int) -> list[str]:
        return [*self.chance.choice(([], [], ["*"], ["x", ":="])), *self.one(depth)]

    def entry(self, depth: int) -> list[str]:
        return self.chance.choice((["**", *self.one(depth)], [*self.one(depth), ":", *self.one(depth)]))

    def index(self, depth: int) -> list[str]:
        part = self.chance.choice((self.item, lambda d: []))
        return self.chance.choice(
            (self.item(depth), [*part(depth), ":", *part(depth)], [*part(depth), ":", *part(depth), ":", *part(depth)])
        )

    def parameters(self) -> list[str]:
        parts = (["p"], ["q"], ["*"], ["*", "r"], ["**", "k"], ["/"], ["s", "=", "1"])
        return self.several(0, lambda _: self.chance.choice(parts), 4) + self.chance.choice(([], [], [","]))

    def arguments(self, depth: int) -> list[str]:
        def argument(d: int) -> list[str]:
            one, kinds = self.one(d), ([], [], ["*"], ["k", "="], ["**"], ["x", ":="])
            return [*self.chance.choice(kinds), *one, *(self.clauses(d) if self.chance.random() < 0.1 else [])]

        return self.several(depth, argument) + self.chance.choice(([], [], [","]))

    def clauses(self, depth: int) -> list[str]:
        found: list[str] = []
        for _ in range(self.chance.choice((1, 1, 2))):
            tails = ([], [".", "a"], ["[", "0", "]"])
            target = self.chance.choice((*TARGETS, "")).split() or [*self.one(depth - 1), *self.chance.choice(tails)]
            found += [*self.chance.choice(([], ["async"])), "for", *target, "in", *self.one(depth - 1)]
            found += self.chance.choice(([], [], ["if", *self.one(depth - 1)]))
        return found
