"""read_archive: the parts of an archive of torch.export. Nothing is unpickled, and nothing of it is run."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netwarp.errors import InputError, LimitError, UnsupportedError, shown

MAX_BYTES = 1 << 30  # of all parts that are read, inflated
MAX_TEXT = 64 << 20  # bytes of the graph's text
MODEL = "model"  # as torch.export.save names the one program it saves
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,200}")


@dataclass(frozen=True, eq=False)
class Kept:
    """Numbers that an archive keeps: their bytes, and torch's description of them (type, sizes, strides, offset)."""

    data: bytes
    meta: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Archive:
    """`program` is the graph and its signature, as torch writes them; `numbers` are its weights and constants."""

    what: str
    program: Mapping[str, Any]
    numbers: Mapping[str, Kept]


def read_archive(path: Path) -> Archive:
    """Errors: InputError where it is damaged or no archive of torch.export; UnsupportedError where a part of it is
    pickled, as older versions of torch wrote all weights; LimitError past 1 GiB."""
    what = f"file {str(path)!r}"
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, what, path)
    except (InputError, UnsupportedError, LimitError):
        raise
    except FileNotFoundError as error:
        raise InputError(f"{what}: no such file") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise damaged(what, str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        raise damaged(what, f"{type(error).__name__}: {error}") from error


def damaged(what: str, why: str) -> InputError:
    return InputError(
        f"{what}: is a damaged archive of torch.export ({' '.join(why.split())[:160]}); write it again with "
        "torch.export.save"
    )


def _read(archive: zipfile.ZipFile, what: str, path: Path) -> Archive:
    entries = {entry.filename: entry for entry in archive.infolist()}
    formats = [name for name in entries if name == "archive_format" or name.endswith("/archive_format")]
    if len(formats) != 1:
        raise _older(what, path)
    root = formats[0].removesuffix("archive_format")
    total = 0

    def part(name: str, most: int = MAX_BYTES) -> bytes:
        nonlocal total
        entry = entries[root + name]
        total += entry.file_size
        if entry.file_size > most or total > MAX_BYTES:
            raise LimitError(f"{what}: its part {name[:60]!r} has {entry.file_size:,} bytes, at most {most:,} are read")
        return archive.read(entry)

    model, weights, constants = f"models/{MODEL}.json", f"data/weights/{MODEL}", f"data/constants/{MODEL}"
    if root + model not in entries:
        compiled = any(name.startswith(f"{root}data/aotinductor/") for name in entries)
        is_ = "is a compiled model, machine code that is never run" if compiled else "holds no model"
        raise UnsupportedError(f"{what}: {is_}; save the exported one by torch.export.save")
    if f"{root}{weights}.pt" in entries or f"{root}{constants}.pt" in entries:
        raise _older(what, path)
    if f"{root}byteorder" in entries and part("byteorder", 100).strip() != b"little":
        raise UnsupportedError(f"{what}: was written on a machine with the other order of bytes; only little is read")
    program = json.loads(part(model, MAX_TEXT))
    numbers: dict[str, Kept] = {}
    read: dict[str, bytes] = {}
    for folder, start in (("data/weights/", weights), ("data/constants/", constants)):
        for name, said in json.loads(part(f"{start}_{folder.split('/')[1]}_config.json", MAX_TEXT))["config"].items():
            file = str(said["path_name"])
            if said["use_pickle"] or not file.startswith(("weight_", "tensor_")) or not _NAME.fullmatch(file):
                raise UnsupportedError(
                    f"{what}: its part {shown(name)} is pickled Python, which is never loaded; convert it where you "
                    f"trust it: {_lines(path)}"
                )
            if file not in read:
                read[file] = part(folder + file)
            numbers[str(name)] = Kept(read[file], said["tensor_meta"])
    return Archive(what, program, numbers)


def _older(what: str, path: Path) -> UnsupportedError:
    return UnsupportedError(
        f"{what}: its weights are pickled Python, as older versions of torch wrote them, which is never loaded; "
        f"convert it where you trust it: {_lines(path)}"
    )


def _lines(path: Path) -> str:
    """Two lines that make a file without pickled parts of one with."""
    made = "nw.torch.from_module(program.module(), program.example_inputs[0][0])"
    load = f'import torch; program = torch.export.load("{path.name}")'
    return f'{load}; import netwarp as nw; {made}.save("{path.stem}.npz")'
