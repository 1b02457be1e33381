"""Where a study's runs are kept unless somebody says where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from netwarp.checks import string
from netwarp.errors import InputError, shown

# bytes of UTF-8: with a shard's number and count behind it a name is still one of the 255 that a folder's may have
BYTES: Final = 200
_NO_WORD: Final = re.compile(r"[^\w.-]+")


def folder_of(name: str, file: Path | None, shard: str | None = None) -> Path:
    """Beside the study's file, and called as it is; without a file in the working folder, called by the study's name.

    The words of a name are joined by hyphens. A shard, as in "2/16", has a folder of its own.
    """
    if file is None:
        own = Path(_NO_WORD.sub("-", name).strip("-.") or "study")
    else:
        own = file.with_suffix("")
        if own == file:
            own = own.with_name(f"{own.name}-study")
    return own if shard is None else own.with_name(f"{own.name}-{shard.replace('/', '-of-')}")


def checked_name(given: object) -> str:
    """The name of a study: one line of text, by which a folder can be called. Errors: InputError."""
    name = string(given, "study name", BYTES)
    if not name.strip() or not name.isprintable():
        raise InputError(f'study name={shown(name)}: must be one line of text, as in "depth against width"')
    if (length := len(name.encode())) > BYTES:
        raise InputError(
            f"study name={shown(name)}: {length} bytes of UTF-8, at most {BYTES} are allowed: a folder is called by it"
        )
    return name
