"""Files of studies that were cut, joined and changed at random: a Study, or one line."""

from pathlib import Path
from random import Random

import pytest

from netwarp.errors import NetwarpError
from netwarp.study.grid.file import read_study
from netwarp.study.grid.ready import example, ready, ready_names
from netwarp.study.grid.study import Study

PIECES = (
    *("[study]", "[factors]", "[keep]", "where = ", "seeds = ", "model = ", "magnitude = [0]", 'norm = "none"'),
    *("-1", "1e999", "nan", "true", "1979-05-27", "99999999999999999999", '"0..5"', '"*"', '"**/*"', "[[]]", "{}"),
    *("{width}", "width", "depth", "*", "%", "/ 0", "and", "in", "not", "(", ")", "[", "]", "{", "}", ",", "=", "#"),
    *('"', "'", "\n", "\x00", "é", "\\u0000"),
)


def changed(text: str, random: Random) -> str:
    for _ in range(random.randint(1, 4)):
        a, b = sorted(random.randint(0, len(text)) for _ in range(2))
        match random.randint(0, 3):
            case 0:
                text = text[:a] + text[min(b, a + 20) :]
            case 1:
                text = text[:a] + random.choice(PIECES) + text[a:]
            case 2:
                text = text[:a] + random.choice(PIECES) + text[min(b, a + 8) :]
            case _:
                text = text[:a] + text[b:] + text[a:b]
    return text


def told(file: Path) -> str | None:
    """The line that says what is wrong; None of a study, whose data give it back."""
    try:
        study = read_study(file)
    except NetwarpError as error:
        return str(error)
    assert study.total == len(study.frames) * max(1, len(study.seeds)) > 0
    assert Study.from_data(study.to_data()) == study
    return None


@pytest.mark.slow
def test_any_file_is_a_study_or_one_line(tmp_path: Path) -> None:
    random = Random(15)
    texts = [example("s"), *map(ready, ready_names())]
    file = tmp_path / "s.toml"
    lines = []
    for _ in range(300):
        file.write_text(changed(random.choice(texts), random), encoding="utf-8")
        lines.append(told(file))
    refused = [line for line in lines if line is not None]
    assert 0 < len(refused) < len(lines)
    assert all("\n" not in line and len(line) <= 600 for line in refused)
