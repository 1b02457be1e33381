"""`make kernels`: compiles netwarp's kernels to LLVM bitcode and packs them into the file that is shipped.

What is unchanged is taken from the file as it is. For x86-64 on Linux, where the tests run: the bitcode itself knows
neither the processor's level nor its vectors, which `netwarp.compiled.machine` adds where it runs.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

# before numba is imported: nothing of the processor that this runs on
os.environ |= {
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "NUMBA_LOOP_VECTORIZE": "0",
    "NUMBA_SLP_VECTORIZE": "0",
    "NUMBA_DISABLE_INTEL_SVML": "1",
}

from kernel_tour import tour

from netwarp.compiled import opening, shipped
from netwarp.compiled.functions import Compilable
from netwarp.compiled.produce import produce
from netwarp.compiled.sources import digests, modules_of
from netwarp.compiled.specs import Spec, accepts

FOLDER = Path(shipped.__file__).parent


def main() -> None:
    """Writes the file, and says what was compiled. `--all` compiles what is unchanged too."""
    tour()
    made: list[tuple[shipped.Packed, bytes]] = []
    for (name, specs), kernel in sorted(opening.asked.items(), key=lambda item: repr(item[0])):
        wider = [other for known, other in opening.asked if known == name and other != specs and accepts(other, specs)]
        if not wider:
            made.append(entry(kernel, specs, anew="--all" in sys.argv))
    path = FOLDER / shipped.name()
    data = shipped.pack(made)
    path.write_bytes(data)
    size = sum(one.size for one, _ in made)
    sys.stdout.write(f"{path.name}: {len(made)} kernels, {size:,} bytes of bitcode in {len(data):,}\n")


def entry(kernel: Compilable, specs: tuple[Spec, ...], *, anew: bool) -> tuple[shipped.Packed, bytes]:
    found = None if anew else shipped.find(kernel.name, specs)
    if found is not None and found.specs == specs:
        return found, found.bitcode()
    start = time.process_time()
    bitcode = produce(kernel, specs)
    sys.stdout.write(f"{kernel.name}: {len(bitcode.data):,} bytes, {time.process_time() - start:.1f} s\n")
    sources = digests(modules_of(kernel))
    file = shipped.file_name(bitcode.symbol, bitcode.data)
    made = shipped.Packed(kernel.name, specs, bitcode.symbol, bitcode.returns, file, len(bitcode.data), sources)
    return made, bitcode.data


if __name__ == "__main__":
    main()
