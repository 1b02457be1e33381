"""A page from its template: one file, whose style and script stand in it and are allowed by their hashes alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def render(
    template: str,
    context: Mapping[str, object],
    *,
    styles: Sequence[str] = ("figure.css",),
    scripts: Sequence[str] = ("figure.js",),
) -> str:
    """The page of a template with `context`, every text of which is escaped; what is Markup is taken as it is.

    The template finds `style`, `script`, and the base64 SHA-256 of each as `style_hash` and `script_hash`.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    parts = {name: _joined(files) for name, files in (("style", styles), ("script", scripts))}
    own = {name: Markup(text) for name, text in parts.items()}  # files of this package, not input
    hashes = {f"{name}_hash": _sha256(text) for name, text in parts.items()}
    return environment.get_template(template).render(**context, **own, **hashes)


def _joined(files: Sequence[str]) -> str:
    return "\n".join((TEMPLATES / file).read_text(encoding="utf-8") for file in files)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
