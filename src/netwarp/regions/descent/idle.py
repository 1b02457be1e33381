"""Walkers that are done, kept for the next descent of the same plan: their arrays are as large as they have to be."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from netwarp.progress import Progress
from netwarp.regions.descent.descend import Walker
from netwarp.regions.descent.plan import DescentPlan

KEPT = 32 << 20  # bytes of idle walkers, of all plans together
PLANS = 4  # as many as are remembered: another would be a plan of its own even of the same network

# a walker holds its plan: what is kept must end by its size, for no plan would ever be let go by itself
_idle: OrderedDict[DescentPlan, list[Walker]] = OrderedDict()
_lock = Lock()


def walker_of(plan: DescentPlan, tally: Progress) -> Walker:
    """A walker of nobody else's: one that is idle, or a new one."""
    with _lock:
        idle = _idle.get(plan)
        walker = idle.pop() if idle else None
    if walker is None:
        return Walker(plan, tally)
    walker.tally, walker.painter = tally, None
    return walker


def give_back(walkers: list[Walker]) -> None:
    """Keeps walkers that nobody uses any more, as far as there is room, in the order given: the first is taken first.

    Those of the plans that were given back longest ago make room for them. Those that had to compute exact numbers are
    let go, since these may be long.
    """
    with _lock:
        for walker in reversed(walkers):
            idle = _idle.setdefault(walker.plan, [])
            _idle.move_to_end(walker.plan)
            if not walker.doubtful and sum(one.bytes for one in (*idle, walker)) <= KEPT:
                walker.rest()
                idle.append(walker)
        held = sum(one.bytes for idle in _idle.values() for one in idle)
        while _idle and (held > KEPT or len(_idle) > PLANS):
            _, gone = _idle.popitem(last=False)
            held -= sum(one.bytes for one in gone)
