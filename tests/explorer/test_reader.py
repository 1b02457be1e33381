"""What is dropped cannot stop the explorer: it is read in time that grows as its size does, apart, and for a while."""

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import netwarp as nw
from netwarp.errors import InputError, NetwarpError
from netwarp.explorer import application, reader
from netwarp.explorer.pasted import page_of
from netwarp.explorer.reader import read_apart
from netwarp.explorer.reading import Files

# marks that never end, one inside the other, in every form that is read: n of them
HOSTILE: dict[str, Callable[[int], str]] = {
    "svg": lambda n: "<svg " + "<metadata>{" * n,
    "xml": lambda n: "<?xml " + "<metadata>{}" * n,
    "html": lambda n: "<!doctype html>" + '<script type="application/json" id="state">' * n,
    "spaces": lambda n: "<svg" + " " * 10 * n,
    "references": lambda n: "<svg><metadata>" + "&#x&#1;&amp" * n + "</metadata>",
    "digits": lambda n: "<svg><metadata>&#" + "1" * 10 * n + ";</metadata>",
    "address": lambda n: "https://" + "/" * 10 * n,
    "query": lambda n: "?" + "#?" * 5 * n + "\n",
    "key": lambda n: "arch=" + "&a=" * 3 * n + " ",
    "json": lambda n: '{"panes":' + "[[[[[{" * n,
    "number": lambda n: '{"out":' + "1" * 10 * n + "}",
    "names": lambda n: '{"' + "abcdefghij" * n + '":1}',
    "dollar": lambda n: "$" + " " * 10 * n + "netwarp",
    "stars": lambda n: "netwarp draw 'conv(3)" + " *" * min(n, 10_000) + "'",
    "script": lambda n: "import netwarp\n" + "-" * min(n, 29_000),
    "calls": lambda n: "import netwarp\n" + "x.parse(" * min(n, 3_000),
    "decimal": lambda n: "netwarp draw 'conv(3)' --plane " + "1" * min(n, 9_990) + "x,1,0,1",
}


@pytest.mark.parametrize("shape", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_longer_than_its_size(shape: Callable[[int], str]) -> None:
    def seconds(n: int) -> float:
        data = shape(n).encode()
        start, said = time.process_time(), ""
        try:
            page_of(data, Files())
        except NetwarpError as error:
            said = str(error)
        assert len(said) < 400
        assert "\n" not in said
        return time.process_time() - start

    # a pattern that tries every pair of marks took 4 to 13 s for the smaller one, and four times as long for the other
    assert seconds(16_000) <= 3 * seconds(8_000) + 0.3


SPIN = "import os, sys; sys.stdin.buffer.read(); open({!r}, 'w').write(str(os.getpid()))\nwhile True: pass"


@pytest.fixture
def spinning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Lets what is dropped be read for ever; the number of the process that does, as soon as it does."""
    file = tmp_path / "number"
    monkeypatch.setattr(reader, "COMMAND", SPIN.format(str(file)))

    def number() -> int:
        end = time.monotonic() + 30
        while not (file.exists() and file.read_text()) and time.monotonic() < end:
            time.sleep(0.01)
        return int(file.read_text())

    return number


def gone(number: int) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.slow
def test_others_are_answered_while_a_drop_is_read_and_the_limit_ends_it(
    server: Any, spinning: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "SECONDS", 3.0)
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(server.request("POST", "/drop", b"<svg ")))
    thread.start()
    number = spinning()
    with server.page() as page:
        asked = 0
        while thread.is_alive():
            # answered while the drop is read, not after
            asked += page.ask("surprise")["kind"] == "surprise"
        assert asked > 3
    thread.join()
    assert found[0].status == 413
    assert "took more than 3 seconds, stopped" in json.loads(found[0].data)["message"]
    assert gone(number)


def test_what_stops_the_waiting_ends_the_process(spinning: Callable[[], int]) -> None:
    class Enough(Exception):
        pass

    def progress() -> None:
        if spinning():
            raise Enough

    with pytest.raises(Enough):
        read_apart(b"x", Files(), "x.npz", progress)
    assert gone(spinning())


def test_a_process_that_dies_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "COMMAND", "import os; os.abort()")
    with pytest.raises(InputError, match="took all the memory or time"):
        read_apart(b"x", Files(), "x.npz", lambda: None)


@pytest.mark.slow
def test_weights_come_back_with_their_place(tmp_path: Path) -> None:
    network = nw.Network.folding(2, 4)
    network.save(tmp_path / "weights.npz")
    files = Files()
    page = read_apart((tmp_path / "weights.npz").read_bytes(), files, "weights.npz", lambda: None)
    (file,) = files.kept.values()
    assert page.panes[0].arch == f"npz:{next(iter(files.kept))}"
    assert (file.name, file.npz) == ("weights.npz", (tmp_path / "weights.npz").read_bytes())
    assert {k: v.tolist() for k, v in file.network.parameters.items()} == {
        k: v.tolist() for k, v in network.parameters.items()
    }
    # weights that are here already may be spoken of
    again = read_apart(json.dumps({"arch": page.panes[0].arch}).encode(), files, "x", lambda: None)
    assert again.panes[0].arch == page.panes[0].arch
    with pytest.raises(InputError, match="these weights are not here"):
        read_apart(json.dumps({"arch": page.panes[0].arch}).encode(), Files(), "x", lambda: None)
