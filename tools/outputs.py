"""Writes the SHA-256 of what some fifty commands print and write, to hold a rebuilt netwarp to the one before it.

    python tools/outputs.py before.json                 on the old sources
    python tools/outputs.py after.json before.json      on the new ones: lists what differs, exit status 1

The digests belong to one machine: evaluators differ between processors in their last bits. What is a time, or a path,
is left out of what is compared.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

PLAIN = """
import numpy as np
r = np.random.RandomState(5)
np.savez("plain.npz", W0=r.randn(8, 2), b0=r.randn(8), W1=r.randn(8, 8), b1=r.randn(8), W2=r.randn(3, 8), b2=r.randn(3))
np.savez("larger.npz", W0=r.randn(8, 4), b0=r.randn(8), W1=r.randn(1, 8), b1=r.randn(1))
"""
OWN = """
import netwarp as nw
n = nw.Network.draw(nw.parse("conv(6) * 3"), 4)
n.save("own.npz")
f = n.calibrate(nw.Raster(40, 30))
t = nw.tessellate(f, nw.Plane(0.1, 0, 0.5, 0.25))
t.save("cells.npz")
print(len(t), t.affine.sum(), t.areas.tolist()[:3], list(n.parameters))
print(nw.count(n.architecture), repr(nw.Plane("0.12345678901234567890123")))
"""

# each on what the ones before it left in the folder; the last ten are refused
COMMANDS = """
draw 'conv(10) * 10' --size 60x40 -o ten.png
draw 'conv(100)' --size 60x40 --seed 0..3 --sheet -o sheet.png
draw ten.png --size 90x60 --json -o larger.png --samples larger.npy
draw ten.png --plane=-0.1,0.1,-0.1,0.1 -o closer.png
draw ten.png --size 24x16 -o deep.png \\
  --plane=0.1234567890123456789012345,0.12345678901234567890123451,0.1,0.1000000000000000000000001
draw vgg --size 48x32 --calibrate 48x32 -o vgg.png
draw siren --size 48x32 --samples siren.npy --json -o siren.png
draw 'conv(8) * 3' --act sigmoid --out-channels 1 --colour viridis --size 40x30 -o one.png
draw 'conv(8) * 3' --act 'leaky(random)' --inputs 'x y r bias' --size 40x30 -o leaky.png
draw 'conv(8) * 3' --engine exact --size 40x30 -o exact.png
draw 'conv(8) * 3' --colour lab-clipped --dtype float64 --size 40x30 -o clipped.png
draw plain.npz --size 40x30 -o plain.png
draw inception --dry-run
draw 'conv(8) * 3' --act gelu --norm layer --size 40x30 --calibrate 40x30 -o gelu.png
draw 'dense(conv(8, 3)) * 2' --size 40x30 --calibrate 40x30 --contrast view -o dense.png
zoo
zoo --json
info vgg
info resnet --json
info ten.png
info own.npz --json
regions 'conv(10) * 3'
regions 'conv(10) * 3' --seed 7 --json --png cells.png --size 60x40
regions 'conv(6) * 4' --svg cells.svg --colour-by gradient
regions plain.npz --plane=-1,1,-1,1 --json
regions larger.npz --origin 0,0,1,0 --u 1,0,0,0 --v 0,1,0,0.5 --json
regions own.npz --contour 0.1 --json
regions 'conv(6) * 3' --layer 2 --json
measure 'conv(10) * 3' --seeds 4 --size 48x32 --json
measure 'conv(10) * 3' --seeds 8 --size 48x32 --measures total_variation,holes,regions --csv measures.csv
measure own.npz --size 48x32 --json
measure 'conv(6) * 2' --act sin --seeds 6 --size 48x32
measures
measures --json
compare 'conv(20)' 'conv(4) * 5' --seeds 8 --size 40x30 --json
compare 'conv(20)' 'conv(4) * 5' --seeds 8 --size 40x30 --match parameters \\
  --measures total_variation,regions
compare 'conv(20)' 'conv(4) * 5' --seeds 8 --size 40x30 --measures total_variation,holes --out comparison
atlas 'conv(8) * 3' --act relu,tanh --scale 1,3 --shift '0,normal(2)' \\
  --depth 1,2 --width 4,8 --seeds 8 --size 24x24 --csv atlas.csv --out atlas
atlas 'conv(8) * 3' --act sigmoid --scale 1,3 --shift 0 --depth none --seeds 8 --size 24x24 --json
claims --list
claims --only 7,9 --quick --json
claims --only kinks-equal-units --quick --out claims
figure --size 60x40 --out figure
--version
draw 'conv(10) *'
draw 'cnv(10)'
draw 'conv(10)' --act rellu
draw 'conv(10)' --size 0x5
draw missing.png
regions siren
regions plain.npz --origin 0,0
measure 'conv(4)' --measures total
compare 'conv(4)' 'conv(5)' --seeds 2 --size 24x24 --measures total_variation
atlas 'conv(4)' --scale 'normal(1e308)'
"""

# times, and how many digits of them there are
TIMES = re.compile(
    r"(\"(?:[a-z_]*seconds|milliseconds)\": |^seconds\t|\tholds\t|\trefuted\t|\tnot clear\t)(?:[\d.e+-]+|\{[^}]*\})"
    r"|\d[\d.,]* ?(?:ms|s|min)\b",
    re.MULTILINE,
)


def masked(content: bytes) -> bytes:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    return TIMES.sub(lambda found: (found[1] or "") + "TIME", text).encode()


def digest(content: bytes) -> str:
    return hashlib.sha256(masked(content)).hexdigest()


def run(folder: Path) -> dict[str, str]:
    """{what: digest} of every command's status and streams, and of every file it left."""
    found: dict[str, str] = {}
    for name, script in (("plain weights", PLAIN), ("own weights", OWN)):
        done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, check=True)
        found[name] = digest(done.stdout)
    for number, command in enumerate(COMMANDS.replace("\\\n", "").strip().splitlines()):
        words = shlex.split(command)
        code = "import sys; from netwarp.cli.entry import main; sys.exit(main())"
        done = subprocess.run([sys.executable, "-c", code, *words], cwd=folder, capture_output=True, check=False)
        key = f"{number:02} {command}"
        found[f"{key}: status"] = str(done.returncode)
        found[f"{key}: output"] = digest(done.stdout)
        found[f"{key}: errors"] = digest(done.stderr)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[f"file {path.relative_to(folder)}"] = digest(path.read_bytes())
    return found


def main() -> int:
    target, *before = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder))
    Path(target).write_text(json.dumps(found, indent=1))
    if not before:
        return 0
    old = json.loads(Path(before[0]).read_text())
    differing = sorted(key for key in old | found if old.get(key) != found.get(key))
    print(f"{len(found) - len(differing)} of {len(found)} equal", *differing, sep="\n")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main())
