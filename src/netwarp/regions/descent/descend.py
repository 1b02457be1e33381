"""The descent: cells, divided stage by stage, depth first in batches that stay in cache."""

# B cells of a batch, N channels, W words of pattern bits, K channels of the output

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import groupby, pairwise
from math import prod
from operator import itemgetter

import numpy as np

from netwarp.errors import UnsupportedError
from netwarp.progress import Progress
from netwarp.regions.arrays import Floats, Long
from netwarp.regions.descent.arrangement import DOUBT
from netwarp.regions.descent.batch import CANDIDATES, FULL, MANY, Batch, Count, Flips, Maps
from netwarp.regions.descent.buffers import Output, new_batch, new_flips, new_record, new_scratch, new_work, roomier
from netwarp.regions.descent.cohort import Cohort, Finished
from netwarp.regions.descent.divide import divide
from netwarp.regions.descent.doubled import Links, recompute
from netwarp.regions.descent.integers import Numbers
from netwarp.regions.descent.maps import TINY, VAGUE, Parents, norms, spread_out
from netwarp.regions.descent.painting import Painter
from netwarp.regions.descent.plan import DescentPlan
from netwarp.regions.descent.settle import settle
from netwarp.regions.descent.signs import ULP
from netwarp.regions.descent.sums import sums_of
from netwarp.regions.descent.values import Known, activated, applied
from netwarp.regions.descent.whole_lines import NO_LINES, Whole
from netwarp.regions.exact import Exact, in_floats

Divided = Callable[..., tuple[dict[int, int], Output]]
CORNERS = 64  # a cell with more corners is divided by itself
BATCH_BYTES = 1 << 20  # of affine maps
SMALLEST, LARGEST = 1e-280, 1e150  # of a map's columns that are not zero
KNOWN = 2048  # vertices of a cell whose signs are settled, at most; of more integers of Python's settle the rest
SHARP = 1e-13  # maps whose error is less of their size gain nothing from being computed anew


class Walker:
    """One thread's descent from a cohort: its buffers, and what it has found."""

    def __init__(self, what: DescentPlan, tally: Progress) -> None:
        self.plan = what
        self.tally = tally  # told how many cells have come to be, and at which stage
        self.exact = Exact(what.stages, what.frame)
        most = max((stage.lines for stage in what.stages.stages), default=1)
        # behind a ReLU, a max pool compares zeros with zeros: most of its lines are in doubt, and few cut
        candidates = min(max(most, MANY), CANDIDATES)
        self.work = new_work(CORNERS, candidates, MANY)
        self.work.tolerance[0] = what.tolerance
        self.scratch = new_scratch(most, candidates, self.work)
        self.record = new_record(256)
        self.doubtful = self.slow = 0
        self.finished = Finished()
        self._kids: dict[int, tuple[Batch, Flips]] = {}
        self._flat: dict[tuple[str, int], Floats] = {}
        self._places: Long = np.arange(0)
        self.painter: Painter | None = None  # paints the cells that arrive; without one they are kept
        self._deferred = np.empty((0, 2), dtype=np.int32)
        self._notes = np.empty((0, 2), dtype=np.int32)

    @property
    def bytes(self) -> int:
        """Of its arrays, but those of numbers that floats do not hold."""
        kept = [self.work, self.scratch, self.record, *(buffers for pair in self._kids.values() for buffers in pair)]
        return sum(array.nbytes for buffers in (*kept, self._flat.values()) for array in buffers)

    def rest(self) -> None:
        """Lets go of what it has found, and keeps its arrays."""
        self.finished = Finished()
        self.exact = Exact(self.plan.stages, self.plan.frame)

    def begin(self, number: int) -> None:
        """Starts a record of its own, whose new sides are numbered from `number`."""
        self.scratch.counts[:] = 0
        self.scratch.counts[Count.NEXT], self.scratch.counts[Count.EXACT] = number, self.plan.exact
        self.doubtful = self.slow = 0  # signs that were settled exactly; cells that only Python's integers could settle
        self.finished = Finished()

    def descend(self, cohort: Cohort, first: int, last: int) -> Iterator[None]:
        """Finishes the cells first to last - 1 of a cohort, and all that comes of them; may be left between batches."""
        todo = [self._chunks(cohort, first, last)]
        while todo:
            yield
            span = next(todo[-1], None)
            if span is None:
                todo.pop()
                continue
            cohort, first, last = span
            with np.errstate(all="ignore"):  # a thread has its own, and what is left between batches restores another's
                below = self.advance(cohort, first, last)
            if below is not None:
                todo.append(self._chunks(below, 0, below.count))

    def _chunks(self, cohort: Cohort, first: int, last: int) -> Iterator[tuple[Cohort, int, int]]:
        stages = self.plan.stages
        width = stages.stages[cohort.number].width if cohort.number < self.plan.depth else stages.program.channels
        size = min(max(BATCH_BYTES // (24 * width), 64), 4096)
        parts = max(round((last - first) / size), 1)
        if parts == 1:
            yield cohort, first, last
            return
        edges = np.linspace(first, last, parts + 1).round().astype(int).tolist()
        for a, b in pairwise(edges):
            yield cohort, a, b

    def advance(self, cohort: Cohort, first: int, last: int) -> Cohort | None:
        """Divides a part of a cohort by its stage. None where there are no more stages: then the cells are finished."""
        what, number = self.plan, cohort.number
        values, error, vague = self._values(cohort, first, last)
        batch = _part(cohort.batch, first, last) if first else cohort.batch  # what follows its cells is not read
        count = last - first
        places = self._seen(batch, count)
        if number == what.depth:
            output = values[what.stages.output]
            if vague and self.painter is not None:
                vague = self.painter.unsure(vague, places, output)
            if vague:
                self._refresh(number, output, error.copy(), batch, vague)
            if not np.isfinite(output.maps).all():
                raise self._beyond(number)
            if self.painter is not None:
                self.painter.paint(batch, places, output.maps)
            else:
                self._finish(batch, output, count)
            return None
        stage = what.stages.stages[number]
        source = values[stage.source]
        if vague:
            self._refresh(number, source, error := error.copy(), batch, vague)
        root = self._array("root", number, count, 3, stage.width)
        maps = Maps(source.maps, error, source.error, root, self._array("after", number, count, 6))
        if len(places) < count:
            # what is not divided has no output, but is multiplied with the others
            root[:] = 0.0
        kids, flips = self._divide(batch, maps, number, places)
        made = int(self.scratch.counts[Count.CELLS])
        self.tally(made - count, number)
        if not made:
            return None
        if stage.chained:
            affine = what.affines[stage.value + 1]
            base = self._array("base", number, count, 3, len(affine.bias))
            np.matmul(root.reshape(3 * count, -1), affine.weight, out=base.reshape(3 * count, -1))
            pieces = stage.slope, stage.offset, stage.slope_gain, stage.offset_gain
            parents = Parents(
                base=base,
                after=maps.after,
                channel=stage.first,
                z=source.maps,
                norm=source.error,
                pieces=pieces,
                word=stage.word,
            )
            return Cohort(number + 1, kids, made, flips=flips, parents=parents)
        live = {v: values[v] for v in what.stages.live[number]}
        return Cohort(number + 1, kids, made, before=source, live=live)

    def _refresh(self, number: int, source: Known, error: Floats, batch: Batch, vague: list[int]) -> None:
        """Computes the maps of these cells anew, much more exactly, and rounds them once; corrects their lines' error.

        A bound grows from layer to layer by the norm of the weights, faster than any true error: after some layers it
        would leave every sign in doubt. Where twice the precision does not do, whole numbers do.
        """
        sharp = self._sharpen(number, batch, vague, Maps(source.maps, error, source.error, source.maps, error))
        left = sorted(set(vague).difference(sharp))
        if left:
            error[left] = self._exact_maps(number, batch, left, source)

    def _exact_maps(self, number: int, batch: Batch, cells: list[int], known: Known) -> Floats:
        """Makes `known` the exact maps of these cells, rounded; (n, 3) how wrong a line of theirs may be.

        Errors: UnsupportedError where floats do not hold one.
        """
        stages, maps, roundings = self.plan.stages, known.maps, 2
        numbers = self.numbers
        if numbers is not None:
            places = np.array(cells, dtype=np.int64)
            source = numbers.sums.source[number]
            alive = numbers.maps(source, self._words(number), batch, places, maps)
            roundings = numbers.roundings(source)
        else:
            alive = np.empty((len(cells), 3), dtype=np.bool_)
            at = stages.stages[number].source if number < self.plan.depth else stages.output
            self.slow += len(cells)
            for n, c in enumerate(cells):
                value = self.exact.values(number, batch.bits[c])[at]
                maps[c], alive[n] = in_floats(value), value.numerators.any(axis=0)
        size = norms(maps[cells])
        if ((size < SMALLEST) & alive).any() or not (size <= LARGEST).all():
            raise self._beyond(number)
        # the lines' own roundings are counted where they are evaluated, but not what underflows
        error: Floats = np.where(alive, TINY, 0.0)
        known.error[cells] = roundings * ULP * size + error
        return error

    @cached_property
    def numbers(self) -> Numbers | None:
        """Whole numbers in compiled code, once there is a doubt; None where they would be too long."""
        sums = sums_of(self.plan.stages, self.plan.frame)
        return None if sums is None else Numbers(sums)

    def _words(self, number: int) -> int:
        """How many words of pattern bits the source of a stage depends on."""
        stages = self.plan.stages
        return stages.stages[number].word if number < self.plan.depth else stages.words

    def _beyond(self, number: int) -> UnsupportedError:
        stages = self.plan.stages.stages
        layer = stages[number].number if number < len(stages) else len(self.plan.stages.program.layers)
        return UnsupportedError(
            f"layer {layer}: on some region its values are beyond what float64 tells apart, "
            f"{SMALLEST:g} to {LARGEST:g}; scale the weights"
        )

    def _sharpen(self, number: int, batch: Batch, cells: list[int], maps: Maps) -> list[int]:
        """Computes the maps of these cells anew in doubled precision; gives those for which that could be done."""
        chain = self.plan.chain
        # what was computed anew already is as sharp as floats are
        if chain is None or number >= len(chain.links) or not cells:
            return []
        places = np.array(cells, dtype=np.int64)
        places = places[(maps.norm[places] > SHARP * np.abs(maps.z[places]).max(axis=2)).any(axis=1)]
        cells = places.tolist()
        widest = int(chain.links[: number + 1, [Links.INPUTS, Links.OUTPUTS]].max())
        made = self._array("doubled", 0, number + 3, 2, 3, widest)
        work = made, self._array("doubled bounds", 0, number + 2, 4)
        left = recompute(chain, number, batch, places, work, maps.z, (maps.error, maps.norm))
        return sorted(set(cells).difference(places[:left].tolist()))

    def _array(self, name: str, number: int, *shape: int) -> Floats:
        """An array that is used again by the next batch at this stage."""
        size = prod(shape)
        found = self._flat.get((name, number))
        if found is None or len(found) < size:
            found = self._flat[name, number] = np.empty(size + size // 4)
        return found[:size].reshape(shape)

    def _seen(self, batch: Batch, count: int) -> Long:
        """Which of the first `count` cells are divided further: all; of a picture, those that may hold a pixel."""
        if self.painter is not None:
            return self.painter.held(batch, count)
        if len(self._places) < count:
            self._places = np.arange(2 * count)
        return self._places[:count]

    def _divide(self, batch: Batch, maps: Maps, number: int, places: Long) -> tuple[Batch, Flips]:
        stage, table = self.plan.stages.stages[number], self.plan.tables[number]
        cells = len(maps.z)
        kids, flips = self._kids.get(stage.value) or (
            new_batch(2 * cells + 64, 10 * cells + 256, self.plan.stages.words),
            new_flips(2 * cells + 64, 2 * cells + stage.lines + 64),
        )
        count = self.scratch.counts
        count[Count.CELLS] = count[Count.SIDES] = count[Count.FLIPS] = count[Count.ENTRIES] = 0
        kids.offset[0] = flips.offset[0] = 0
        out = kids, flips, self.record

        def divided(places: Long, out: Output, whole: Whole = NO_LINES) -> tuple[dict[int, int], Output]:
            """Divides these cells in this order; gives those that were deferred, and why."""
            which = places, self._deferred
            count[Count.DEFERRED], count[Count.AT], count[Count.LAST] = 0, 0, len(places)
            while divide(batch, maps, table, self.work, self.scratch, out, which, whole) == FULL:
                c = places[count[Count.AT]]
                corners = int(batch.offset[c + 1] - batch.offset[c])
                out = roomier(out, count, self.work, corners, stage.lines)
            return dict(which[1][: count[Count.DEFERRED]].tolist()), out

        if len(self._deferred) < cells:
            self._deferred = np.empty((2 * cells, 2), dtype=np.int32)
        doubtful, out = divided(places, out)
        # most doubts are of maps that have grown vague, few of lines that do meet
        sharp = self._sharpen(number, batch, list(doubtful), maps) if doubtful else []
        if sharp:
            again, out = divided(np.array(sharp), out)
            done = set(sharp)
            doubtful = {c: why for c, why in doubtful.items() if c not in done} | again
        for why, run in groupby(doubtful.items(), key=itemgetter(1)):
            left = [c for c, _ in run]
            if why == DOUBT and self.numbers is not None:
                left, out = self._judged(number, batch, left, out, divided)
            for c in left:
                out, settled = settle(
                    self.exact,
                    batch,
                    maps,
                    c,
                    table=table,
                    scratch=self.scratch,
                    out=out,
                    tolerance=self.plan.tolerance,
                )
                self.doubtful += settled
                self.slow += 1
        kids, flips, self.record = out
        self._kids[stage.value] = kids, flips
        return kids, flips

    def _judged(
        self, number: int, batch: Batch, cells: list[int], out: Output, divided: Divided
    ) -> tuple[list[int], Output]:
        """Divides these cells with their lines in whole numbers; gives those for which that could not be done."""
        numbers, stage = self.numbers, self.plan.stages.stages[number]
        assert numbers is not None
        known = self.work.known
        if len(known) < KNOWN:
            self.work = self.work._replace(known=np.empty((KNOWN, len(self.work.line)), dtype=np.int8))
        last = numbers.sums.last(number)
        span = stage.label, stage.label + stage.lines
        for leading in (True, False) if numbers.long(last) else (False,):
            size = numbers.chunk(last, stage.lines, leading=leading)
            left: list[int] = []
            for begin in range(0, len(cells), size):
                places = np.array(cells[begin : begin + size], dtype=np.int64)
                whole = numbers.lines(last, self._words(number), span, batch, places, leading=leading)
                before = int(self.scratch.counts[Count.SIGNS])
                again, out = divided(places, out, whole)
                self.doubtful += int(self.scratch.counts[Count.SIGNS]) - before
                left += again
            cells = left
        return cells, out

    def _values(self, cohort: Cohort, first: int, last: int) -> tuple[dict[int, Known], Floats, list[int]]:
        """The values from the cohort's stage on, on its cells first to last - 1; the error of the stage's lines.

        And the cells, counted from `first`, on which the stage's source is vague.
        """
        what, number = self.plan, cohort.number
        stages = what.stages
        if cohort.parents is not None:
            value = stages.stages[number - 1].value + 1
            affine = what.affines[value]
            count, outputs = last - first, len(affine.bias)
            z = self._array("z", number, count, 3, outputs)
            error, norm = self._array("error", number, count, 3), self._array("norm", number, count, 3)
            if len(self._notes) < count:
                self._notes = np.empty((2 * count, 2), dtype=np.int32)
            notes = self._notes[:count]
            assert cohort.flips is not None
            any_vague = spread_out(
                cohort.batch, cohort.flips, cohort.parents, affine, (first, last), notes, z, (error, norm)
            )
            return {value: Known(z, norm)}, error, np.flatnonzero(notes[:, 1]).tolist() if any_vague else []
        values: dict[int, Known] = {}
        if number:
            stage = stages.stages[number - 1]
            parents = cohort.batch.parent[first:last]
            values = {v: known.of(parents) for v, known in cohort.live.items()}
            assert cohort.before is not None
            values[stage.value] = activated(stage, cohort.batch, cohort.before, first, last)
        source = stages.stages[number].source if number < what.depth else stages.output
        error = np.zeros((last - first, 3))
        for i in stages.between[number]:
            values[i], lines = applied(what, i, values, last - first)
            if i == source:
                error = lines
        if source not in stages.between[number]:
            error = values[source].error
        vague = (values[source].error > VAGUE * values[source].size()).any(axis=1)
        return values, error, np.flatnonzero(vague).tolist()

    def _finish(self, batch: Batch, output: Known, count: int) -> None:
        found = self.finished
        begin, end = int(batch.offset[0]), int(batch.offset[count])
        found.counts.append(np.diff(batch.offset[: count + 1]))
        found.vertices.append(batch.vertex[begin:end].copy())
        found.sides.append(batch.side[begin:end].copy())
        found.labels.append(batch.label[begin:end].copy())
        found.bits.append(batch.bits[:count].copy())
        found.affine.append(output.maps.copy())
        found.errors.append(output.error.copy())


def _part(batch: Batch, first: int, last: int) -> Batch:
    """The cells first to last - 1; their sides stay where they are."""
    return batch._replace(
        offset=batch.offset[first : last + 1],
        bits=batch.bits[first:last],
        parent=batch.parent[first:last],
        via=batch.via[first:last],
        flip=batch.flip[first:last],
        turn=batch.turn[first:last],
    )
