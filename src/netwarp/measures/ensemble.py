"""The former home of `nw.ensemble`; it goes in version 0.3."""

from __future__ import annotations

from typing import Any

from netwarp.renamed import renamed
from netwarp.study.ensemble import Ensemble
from netwarp.study.ensemble import ensemble as now


def ensemble(*given: Any, **options: Any) -> Ensemble:
    """`nw.ensemble`, which takes the same."""
    renamed("netwarp.measures.ensemble.ensemble", "netwarp.ensemble")
    return now(*given, **options)
