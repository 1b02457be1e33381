"""The rows of the table: what is drawn, and what is asked of it. Sizes are columns x rows."""

from __future__ import annotations

from dataclasses import dataclass

SIZE = (600, 400)


@dataclass(frozen=True)
class Row:
    """One work, timed for every contestant. `at_least` is naive / netwarp; `ahead` asks to beat every rival too."""

    name: str
    text: str
    act: str = "relu"
    size: tuple[int, int] = SIZE
    at_least: float = 1.0
    ahead: bool = False
    calibrates: bool = (
        False  # netwarp calibrates too, as the naive way does every time; the rivals are handed a folded network
    )

    @property
    def title(self) -> str:
        work = "calibrate + sample" if self.calibrates else "sample"
        return f"{work}, `{self.text}`, {self.act}, {self.size[0]}x{self.size[1]}"


ROWS = (
    Row("relu", "conv(10) * 10", at_least=15, ahead=True),
    Row("sigmoid", "conv(10) * 10", "sigmoid", at_least=10, ahead=True),
    Row("sin", "conv(10) * 10", "sin", at_least=10, ahead=True),
    Row("wide", "conv(100)", at_least=40),
    Row("3x3", "conv(20, 3) * 8", size=(640, 480), at_least=4, ahead=True),
    Row("large", "conv(10) * 10", size=(2048, 2048), at_least=40),
    Row("inception", "inception(20, (10, 20), (10, 20), 20) * 3", at_least=6),
    Row("calibrate", "conv(10) * 10", at_least=4, calibrates=True),
)
