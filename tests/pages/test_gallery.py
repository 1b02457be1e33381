"""The gallery and the page of a family: one file, all texts escaped, every picture with a command that draws it."""

import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import pytest

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.errors import InputError, LimitError
from netwarp.orders.subject import read_subject
from netwarp.pages.family import family_page
from netwarp.pages.family_tree import Node, tree
from netwarp.pages.gallery import gallery


class Seen(HTMLParser):
    """What a page holds: its links and sources, its details, its alternative texts."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.picks: list[str] = []
        self.alternatives: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.addresses += [given[name] for name in ("src", "href") if name in given]
        if tag == "details":
            self.picks.append(given["id"])
        if tag == "img":
            assert given["decoding"] == "async"
            assert given["loading"] == "lazy"
            self.alternatives.append(given["alt"])


def commands(page: Path) -> list[str]:
    found = re.findall(r"<pre><code>(.*?)</code></pre>", page.read_text(encoding="utf-8"))
    texts = [
        re.sub(r"<[^>]+>", "", one).replace("&#39;", "'").replace("&#34;", '"').replace("&gt;", ">") for one in found
    ]
    return [one for one in texts if one.startswith("netwarp draw")]


def test_a_gallery_is_one_file_whose_pictures_are_drawn_by_their_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = gallery(Path("page.html"), ["conv(4)", "shallow", "conv(3) >> conv(2)"], seeds=(0, 5), size=(30, 20))
    seen = Seen(page)
    assert all(one.startswith(("data:image/webp;base64,", "#")) for one in seen.addresses)
    assert len(seen.picks) == len(set(seen.picks)) == 6
    assert len(seen.alternatives) == 12
    assert "What an untrained conv(3) >> conv(2) draws from x and y, seed 5." in seen.alternatives
    told = commands(page)
    assert len(told) == 6
    for line in told:
        assert status_of(shlex.split(line)[1:]) == 0
    files = sorted(one.name for one in tmp_path.glob("*.png"))
    assert files == [
        "conv3-conv2-0.png",
        "conv3-conv2-5.png",
        "conv4-0.png",
        "conv4-5.png",
        "shallow-0.png",
        "shallow-5.png",
    ]
    drawn = nw.draw("conv(4)", size=(30, 20), seed=5)
    assert nw.Recipe.read(tmp_path / "conv4-5.png").raster == drawn.recipe.raster
    assert (tmp_path / "conv4-5.png").read_bytes() == drawn.picture.to_png()


@pytest.mark.slow
def test_the_gallery_of_nothing_said_is_the_zoo(tmp_path: Path) -> None:
    page = gallery(tmp_path / "zoo.html", seeds=(0,), size=(12, 8))
    assert len(Seen(page).picks) == len(nw.zoo.names())


def test_what_has_no_picture_says_why(tmp_path: Path) -> None:
    text = 'Architecture(conv(3) * 3, norm=None, init="normal(1e200)")'
    page = gallery(tmp_path / "page.html", [text, "conv(2)"], seeds=(0,), size=(12, 8))
    assert "Not drawn: " in page.read_text()
    assert len(Seen(page).picks) == 1


def test_too_much_and_what_no_seed_draws_are_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="2,001 pictures, at most 2,000"):
        gallery(tmp_path / "page.html", ["conv(2)"], seeds=range(2001))
    with pytest.raises(InputError, match="its weights are given, so a gallery has no seeds"):
        gallery(tmp_path / "page.html", ["folding(2, 2)"])
    assert not list(tmp_path.iterdir())


def test_the_page_of_a_family_draws_every_ancestor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    base = nw.Network.draw(nw.parse("conv(4) * 2"), 3)
    child = nw.cross(nw.mutate(base, seed=1), base, seed=2, strength=0.5)
    nw.draw(child, size=(30, 20)).picture.save("child.png")
    page = family_page(Path("family.html"), read_subject("child.png"))
    seen = Seen(page)
    assert seen.picks == ["kin-0", "kin-1", "kin-2"]
    links = [one for one in seen.addresses if one.startswith("#kin-")]
    # the tree links each once, the child both of its parents, the mutant its own
    assert sorted(links) == ["#kin-0", "#kin-1", "#kin-1", "#kin-2", "#kin-2", "#kin-2"]
    assert page.read_text().count("<path") == 3
    told = commands(page)
    for line in told:
        assert status_of(shlex.split(line)[1:]) == 0
    assert Path("child-0.png").read_bytes() == Path("child.png").read_bytes()
    assert nw.Recipe.read("child-1.png").made == nw.mutate(base, seed=1).source


def test_a_name_of_markup_stays_a_name(tmp_path: Path) -> None:
    nw.draw(nw.mutate("conv(4)"), size=(12, 8)).picture.save(tmp_path / "<script>x.png")
    text = family_page(tmp_path / "family.html", read_subject(str(tmp_path / "<script>x.png"))).read_text()
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text
    assert "<b>" not in tree([Node(0, 0, (), 'a"><b>', "data:,", "<b>")])


def test_of_no_family_there_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no ancestors, a seed draws it"):
        family_page(tmp_path / "page.html", read_subject("conv(4)"))


def test_many_generations_are_cut_to_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netwarp.pages.family.MOST", 5)
    text = "9 " + " ".join(f"{n}_1" for n in range(9))
    nw.draw(nw.Network.bred(nw.parse("conv(2)"), text), size=(12, 8)).picture.save(tmp_path / "child.png")
    page = family_page(tmp_path / "page.html", read_subject(str(tmp_path / "child.png")))
    assert len(Seen(page).picks) == 5
    assert "5 more distant ones are left out" in page.read_text()
