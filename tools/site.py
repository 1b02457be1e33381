"""Writes web/src/site/table.ts: what the page that needs no server takes from the library. A test holds it current.

Run `python tools/site.py` after changing the zoo, the gallery, a colour or a limit, then `npm run build` in web.
"""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

from PIL import Image

from netwarp.architecture import zoo
from netwarp.explorer import cells, limits, offers
from netwarp.explorer.measuring import REGIONS
from netwarp.explorer.offered import Offer
from netwarp.explorer.work import Cancellation
from netwarp.measures import affordable, specimen
from netwarp.measures.registry import beside
from netwarp.orders.subject import WRITTEN
from netwarp.picture.colour import linear_from_white_units
from netwarp.picture.maps import map_colours
from netwarp.regions.cells.drawing import PER_CELL
from netwarp.version import VERSION

TARGET = Path(__file__).parent.parent / "web/src/site/table.ts"
HEAD = "// Written by tools/site.py: the zoo, the gallery, the colours and the limits of the page that needs no server."
# of thumbnails, of 100: what is lost nobody sees beside a card's text
QUALITY = 46
# the page's own menu has these; a page of all maps would be a large one
MAPS = ("viridis", "cividis", "magma")
# measures that need no library
MEASURED = (
    "total_variation", "mean_frequency", "lz_complexity", "level_set_length", "box_dimension", "components", "holes",
    "regions", "linear_regions", "boundary_length",
)  # fmt: skip


def text() -> str:
    """The file."""
    values: dict[str, tuple[str, object]] = {
        "ZOO_TEXTS": ("Readonly<Record<string, string>>", {entry.name: entry.text for entry in zoo.entries()}),
        "OFFERED": ("readonly string[]", list(offers.ACTIVATIONS)),
        "NETWARP": ("string", VERSION),
        "WRITTEN": ("readonly string[]", sorted(WRITTEN)),
        "MOST": (
            "Readonly<Record<string, number>>",
            {
                "layers": limits.LAYERS,
                "units": limits.UNITS,
                "parameters": limits.PARAMETERS,
                "output channels": limits.OUTPUTS,
            },
        ),
        "CELLS_LIMIT": ("number", limits.CELLS),
        "CELLS_SECONDS": ("number", int(limits.SECONDS)),
        # what cells may cost that measures are taken of
        "WORTH": named(
            value=affordable.WORTH,
            parts=specimen.PARTS,
            budget=REGIONS,
            limit=affordable.LIMIT,
            cell=PER_CELL,
            deep=affordable.DEEP,
            plain=affordable.PLAIN,
            branching=affordable.BRANCHING,
            slack=affordable.SLACK,
        ),
        "NEAREST": named(wider=cells.WIDER, farthest=cells.FARTHEST, cells=cells.SEARCH),
        "LINEAR_FROM_WHITE": ("readonly number[][]", linear_from_white_units().astype(float).tolist()),
        "MAPS": (
            "Readonly<Record<string, string>>",
            {name: base64.b64encode(map_colours(name).tobytes()).decode("ascii") for name in MAPS},
        ),
        "MEASURES": (
            'readonly (Pick<MeasureData, "name" | "unit" | "meaning" | "shown"> & {"source": string})[]',
            measures(),
        ),
        "GALLERY": ("readonly Offer[]", gallery()),
    }
    parts = [HEAD, 'import type { MeasureData, Offer } from "../server.ts";']
    parts += [f"export const {name}: {kind} = {json.dumps(value)};" for name, (kind, value) in values.items()]
    return "\n\n".join(parts) + "\n"


def named(**numbers: float) -> tuple[str, object]:
    """Numbers by their names, with their type."""
    return f"Readonly<Record<{' | '.join(map(json.dumps, numbers))}, number>>", numbers


def measures() -> list[dict[str, str]]:
    """What the page says of the measures that it takes, in the server's order."""
    shown = [one for one in beside() if one.name in MEASURED]
    return [
        {"name": one.name, "unit": one.unit, "meaning": one.definition, "shown": one.page, "source": one.source}
        for one in shown
    ]


def gallery() -> list[Offer]:
    """The presets with their thumbnails."""
    made = offers.gallery(Cancellation("later", 600))["offers"]
    return [{**offer, "thumb": packed(offer["thumb"])} for offer in made]


def packed(address: str) -> str:
    """A PNG's data: address as one of a WebP of a fifth of its size: a page is to stay small."""
    png = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
    out = io.BytesIO()
    png.convert("RGB").save(out, "WEBP", quality=QUALITY, method=6)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode("ascii")


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text(), encoding="utf-8")
