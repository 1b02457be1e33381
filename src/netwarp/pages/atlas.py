"""The former home of `nw.atlas`; it goes in version 0.3."""

from __future__ import annotations

from typing import Any

from netwarp.renamed import renamed
from netwarp.study.atlas import Atlas
from netwarp.study.atlas import atlas as now


def atlas(*given: Any, **options: Any) -> Atlas:
    """`nw.atlas`, which takes the same."""
    renamed("netwarp.pages.atlas.atlas", "netwarp.atlas")
    return now(*given, **options)
