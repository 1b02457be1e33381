"""Writes web/src/site/beforehand.ts: pictures of networks whose kernels read several pixels, drawn at full size.

They are those of the zoo and of the gallery, which the page that needs no server shows at once. A test holds the file
current. Run `python tools/beforehand.py` after changing one, then `npm run build` in web.
"""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

from PIL import Image

from netwarp.architecture import zoo
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.counts import count
from netwarp.explorer.gallery import presets
from netwarp.explorer.reading import Files, read
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.network.source import SEED
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster

TARGET = Path(__file__).parent.parent / "web/src/site/beforehand.ts"
HEAD = "// Written by tools/beforehand.py: networks whose kernels read several pixels, drawn beforehand at full size."
# somewhat more than the usual view, for windows of other proportions
PLANE = Plane(0, 0, 1.65, 1.18)
# as calibration has pixels, each a tap: 600 x 400 of the unit square
DRAWN, SHOWN = (990, 472), (330, 236)
QUALITY = 50


def text() -> str:
    """The file."""
    made = [entry(architecture, seed) for architecture, seed in networks()]
    pictures = [{"text": one["text"], "seed": one["seed"], "picture": one["picture"]} for one in made]
    tones = [{"text": one["text"], "seed": one["seed"], "tone": one["tone"]} for one in made]
    named = "readonly text: string; readonly seed: number; readonly"
    parts = [
        HEAD,
        'import type { ToneData } from "../server.ts";',
        f"export const BEFOREHAND = {json.dumps({'width': PLANE.width, 'height': PLANE.height})} as const;",
        f"export const PICTURES: readonly {{ {named} picture: string }}[] = {json.dumps(pictures)};",
        f"export const TONES: readonly {{ {named} tone: ToneData }}[] = {json.dumps(tones)};",
    ]
    return "\n\n".join(parts) + "\n"


def networks() -> list[tuple[Architecture, int]]:
    """Each once: those of the zoo as its menu opens them, and those of the gallery."""
    panes = [pane for preset in presets() for pane in preset.page.panes]
    sources = [(read(pane, Files())[0].source, SEED if pane.seed is None else pane.seed) for pane in panes]
    shown = [(one, seed) for one, seed in sources if isinstance(one, Architecture)]
    named = [(one.architecture, SEED) for one in zoo.entries()]
    found = {(str(one), seed): (one, seed) for one, seed in [*named, *shown] if count(one).field > 1}
    return list(found.values())


def entry(architecture: Architecture, seed: int) -> dict[str, object]:
    """One network: its text and seed, its Tone, and its picture as a data: address."""
    field = calibrate(Network.draw(architecture, seed))
    tone = Tone.fit(field.sample(), "lab")
    pixels = paint(field.sample(Raster(*DRAWN, PLANE)), tone).pixels
    out = io.BytesIO()
    Image.fromarray(pixels).resize(SHOWN, Image.Resampling.BOX).save(out, "WEBP", quality=QUALITY, method=6)
    address = "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode("ascii")
    return {"text": str(architecture), "seed": seed, "tone": tone.to_data(), "picture": address}


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
