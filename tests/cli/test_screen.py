"""Tables on terminals of any width: nothing is ever cut."""

from __future__ import annotations

import pytest

from netwarp.cli import screen

ROWS = [("conv(16, 3) and what follows it", "1,234,567"), ("a", "0")]


@pytest.mark.parametrize("width", [10, 20, 24, 25, 40, 120])
def test_numbers_stay_whole(width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(screen, "on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    screen.show_table(("what", "FLOPs"), ROWS, numbers=("FLOPs",))
    said = capsys.readouterr().out
    assert "1,234,567" in said
    # folded or whole, every letter is there
    assert "".join(said.split()).count("f") == "".join(c for row in ROWS for c in row).count("f")
    # 2 + 12 letters of text, 2 + 9 of number
    assert ("\t" in said) == (width < 25)
