"""The executable literature: what papers and the note say of random networks, each claim measured again.

`nw.claims.run("kinks-equal-units", quick=True)` measures one, `nw.claims.run()` all; `nw.claims.choose()` lists them.

>>> nw.claims.run("counts-are-exact", quick=True).sentence()
'1 claim: 1 hold, 0 refuted, 0 not clear, as on record'
"""

from netwarp.claims.registry import choose as choose
from netwarp.claims.running import run as run
