"""network_or_function: an archive of torch.export as a Network exactly, and where that cannot be, run by torch."""

from __future__ import annotations

from pathlib import Path

from netwarp.errors import UnsupportedError
from netwarp.log import LOG
from netwarp.models.archives.reading import read_archive
from netwarp.models.slices import Slice
from netwarp.models.torch_call import TorchFunction
from netwarp.network.network import Network


def network_or_function(path: str | Path, at: Slice | None = None) -> Network | TorchFunction:
    """The network that an archive is on a plane through its inputs; where an operation of it has no exact form, a
    function that torch evaluates, and a warning.

    Errors: InputError for a file that is damaged, and a slice that does not fit it; UnsupportedError for pickled
    parts, what is not arithmetic, and without PyTorch; LimitError for tensors of more than 10^8 numbers.
    """
    archive = read_archive(Path(path))
    try:
        import torch  # noqa: F401  # what follows imports it at once
    except ModuleNotFoundError as missing:
        if missing.name != "torch":
            raise
        raise UnsupportedError(
            f"{archive.what}: an archive of torch.export needs PyTorch: pip install 'netwarp[torch]'"
        ) from missing
    from netwarp.models.archives.graph import module_of
    from netwarp.models.archives.running import SafeRows, check_sizes
    from netwarp.models.exported import STILL
    from netwarp.models.imported import from_module

    module, example = module_of(archive, at)
    check_sizes(module, example, archive.what)
    try:
        return from_module(module, example, at)
    except UnsupportedError as error:
        why = str(error).removeprefix("from_module: ").removesuffix(STILL)
        LOG.warning("%s: %s; it is drawn by PyTorch itself, and has no exact regions", archive.what, why)
        return TorchFunction(SafeRows(module), tuple(example.shape), archive.what)
