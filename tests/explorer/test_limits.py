"""No architecture is free: whatever it is made of, its work is estimated, and too much of it is refused at once."""

import time

import pytest

from netwarp.architecture.counts import count, operations
from netwarp.architecture.language import parse
from netwarp.errors import LimitError
from netwarp.explorer.limits import check_architecture
from netwarp.explorer.reading import CALIBRATION


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        'act("sin") * 39000',
        "norm() * 39000",
        'conv(100) >> pool("max", 2, 1) * 20000',
        'parallel(act("sin"), act("cos")) * 15',
        'dense(act("tanh")) * 14',
        'dense(pool("avg", 3, 1)) * 15',
        "residual(norm() >> act()) * 13000",
        'conv(90) * 5 >> pool("max", 1000)',
        "maxout(1000, 9) * 4",
        "depthwise(11) * 450 >> conv(3)",
        'gated(pool("max", 1000, 1) >> conv(60)) * 3',
    ],
)
def test_work_without_weights_is_work_too(text: str) -> None:
    start = time.process_time()
    with pytest.raises(LimitError) as found:
        check_architecture(parse(text), CALIBRATION)
    assert time.process_time() - start < 5
    assert len(str(found.value)) < 200


@pytest.mark.parametrize("text", ["conv(10) * 10", "conv(100) * 10", 'conv(10) >> pool("max", 500) >> conv(10)'])
def test_what_is_drawn_in_seconds_is_taken(text: str) -> None:
    assert 0 < check_architecture(parse(text), CALIBRATION) < 20


def test_every_step_counts() -> None:
    for text in ('act("sin")', "norm()", 'pool("max", 1)', 'pool("avg", 7)', "conv(1)", "maxout(1, 1)", "depthwise(1)"):
        once, twice = (operations(parse(f"conv(5) >> {text}{' * 2' * n}")) for n in (0, 1))
        assert twice > once >= count(parse(f"conv(5) >> {text}")).flops, text


@pytest.mark.slow
@pytest.mark.parametrize("arch", ['pool("max", 1500)', 'conv(90) * 5 >> pool("max", 1000)', 'act("sin") * 39000'])
def test_two_tabs_of_it_starve_nobody(server, arch: str) -> None:  # type: ignore[no-untyped-def]
    with server.page() as one, server.page() as other, server.page() as third:
        asked = [page.send("open", pane=0, state={"arch": arch}) for page in (one, other)]
        assert third.ask("open", pane=0, state={"arch": "conv(3)"})["kind"] == "field"
        for page, number in zip((one, other), asked, strict=True):
            assert page.hear(number)["kind"] == "error"
