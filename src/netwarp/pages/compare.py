"""The former home of `nw.compare`; it goes in version 0.3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netwarp.orders.subject import Subject
from netwarp.renamed import renamed
from netwarp.study.compare import Comparison, compare_architectures


def compare(subjects: Sequence[Subject], wanted: str | Sequence[str] | None = None, **options: Any) -> Comparison:
    """`nw.compare`, which takes the architectures one by one."""
    renamed("netwarp.pages.compare.compare", "netwarp.compare")
    return compare_architectures(subjects, measures=wanted, **options)
