"""decision: which class wins where, for any model."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp import checks
from netwarp.errors import InputError, LimitError, NetwarpError, NotFiniteError, UnsupportedError, nearest, shown
from netwarp.fields.field import Field
from netwarp.log import LOG
from netwarp.models.choosing import UNLIKE
from netwarp.models.decisions.asked import Asked
from netwarp.models.decisions.classes import OTHERS, REST, Points, names_of, one_of, points_of
from netwarp.models.decisions.contest import Contest, contest
from netwarp.models.decisions.decision import Decision, Tie
from netwarp.models.decisions.grounds import GridGround, Ground, against, cell_ground
from netwarp.models.estimators import from_estimator
from netwarp.models.field import field as field_of_model
from netwarp.models.files import slice_of
from netwarp.models.functions import is_estimator
from netwarp.models.homes import around_points, home_of
from netwarp.models.slices import Slice
from netwarp.models.torch_call import is_module
from netwarp.network.network import Network
from netwarp.network.program import Call
from netwarp.plane import A_PLANE, Plane, Raster, squared
from netwarp.progress import Progress
from netwarp.regions.tessellate import tessellate

LONGER = 600  # pixels of the longer side of a picture
SLIM = 4  # times as long as the other a side is of a plane that grows
ENGINES = ("auto", "exact", "native", "torch")
# cells past which samples are taken instead, unless "exact" is asked for
LIMIT, EXACT_LIMIT = 2_000_000, 20_000_000


def decision(
    model: Any,
    slice: Slice | None = None,  # noqa: A002  # as nw.field has it
    *,
    plane: Plane | None = None,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    classes: Sequence[object] | NDArray[np.generic] | None = None,
    threshold: float | None = None,
    one_class: object = None,
    size: tuple[int, int] | None = None,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Decision:
    """Which class wins where on a plane: the areas that classes win, the boundaries between them, and the picture.

    `model` and `slice` are as `nw.field` takes them, or a Field.

    Of several outputs the largest wins. Of a single one class 1 wins where it is above the `threshold`: 0 unless given,
    or 0.5 where the output activation says probability. Outputs that are equal all over an area are a tie. `classes`
    names the classes, an estimator's own unless given, else "0", "1", ...; `one_class` holds one against the rest. `X`
    are points to draw, inputs of the model (n, K), or else points (n, 2) of the plane; with a slice of two inputs they
    are inputs. `y` (n,) are their classes. The plane is the points' rectangle, sides a tenth longer, or else the
    model's home, unless given. `size` is that of the picture, 600 pixels along the longer side unless given; where it
    is given and `plane` is not, the plane grows to its proportions. Where neither is given and one side is more than
    8 times as long as the other, the shorter one grows to a quarter of it, and the logger `netwarp` warns of it.

    `engine` "auto" is exact where the model is piecewise linear: its cells are cut where two classes tie. Other models,
    and those of more than two million cells, are sampled at the pixels of `size`, and `note` says why. "exact" refuses
    these, and "native" and "torch" sample any.
    Errors: InputError; UnsupportedError, LimitError; NotFiniteError where samples are NaN or infinite.

    >>> import numpy as np
    >>> import netwarp as nw
    >>> np.savez("three.npz", W0=[[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]], b0=[0.0, 0.0, 0.0])
    >>> net = nw.Network.load("three.npz", activation="relu")
    >>> found = nw.decision(net, plane=nw.Plane.between(-1, 1, -1, 1), classes=["right", "up", "left"])
    >>> print(found.sentence())
    right 31.2%, up 31.2%, left 37.5% of the plane (exact)
    >>> found.boundary["right", "up"]
    (array([[1., 1.],
           [0., 0.]]),)
    >>> nw.decision(net, X=np.empty((0, 2)))
    Traceback (most recent call last):
    netwarp.errors.InputError: decision X has the shape (0, 2): must be (n, 2), a row for each of n points
    """
    check_engine(engine)
    field = field_of(model, slice, X)
    held = contest(field, threshold=threshold)
    names = names_of(own_names(model, field, held.classes) if classes is None else classes, held.classes)
    one = one_of(one_class, names)
    y = _named(model, y, names) if classes is None else y
    points = points_of(X, y, names, slice or slice_of(field.network))
    raster = view_of(field.raster.plane if points is None else around_points(points.places), plane, size)
    axes = ("", "") if slice is None else slice.scales
    asked = Asked((field,), names, raster, (), held.threshold, one=one, engine=engine, points=points, axes=axes)
    return decided(asked, held, progress)


def decided(asked: Asked, held: Contest, progress: Progress | None = None) -> Decision:
    """The Decision that follows from what is asked of one model, whose contest is `held`. Errors: as `decision`."""
    names, one, points, neutral = asked.classes, asked.one, asked.points, None
    ground, note = _ground(held, asked.raster, one, asked.engine, progress)
    if one is not None:
        names, neutral = (names[one], OTHERS if names[one] == REST else REST), 1
        points = None if points is None else points.against(one)
    return summed(asked, ground, names, threshold=held.threshold, points=points, note=note, neutral=neutral)


def check_engine(engine: str) -> None:
    """Errors: InputError for one that there is not."""
    if str(engine).partition(":")[0] not in ENGINES:
        known = f"{', '.join(ENGINES)}{nearest(str(engine), ENGINES)}"
        raise InputError(f"decision engine={shown(engine)}: must be one of {known}")


def field_of(model: Any, at: Slice | None = None, X: ArrayLike | None = None) -> Field:
    """The Field of a model: a Field as it is, a Network calibrated, any other one as `nw.field` takes it; of an
    estimator or a module whose layers are known, that of its Network, so that it is exact.

    Errors: InputError, LimitError.
    """
    if at is None and isinstance(model, Field):
        return model
    if at is None and isinstance(model, Network):
        return _at_home(model, None)
    if is_module(model):
        from netwarp.models.imported import from_module

        with suppress(NetwarpError):
            shape = (2,) if at is None or at.shape is None else at.shape
            return _at_home(from_module(model, np.zeros((1, *shape)), at), at)
    elif is_estimator(model):
        with suppress(UnsupportedError):
            return _at_home(from_estimator(model, at), at)
    # points of the plane itself say nothing of the model's inputs
    plain = at is not None and X is not None and np.asarray(X).shape[1:] == (2,) != (at.inputs,)
    return field_of_model(model, at, data=None if plain else X)


def _at_home(network: Network, at: Slice | None) -> Field:
    """The network calibrated where it is looked at: the slice's home, else its own."""
    home = (None if at is None else at.home) or home_of(network)
    return network.calibrate(None if home is None else Raster(plane=home))


def own_names(model: object, field: Field, count: int) -> tuple[str, ...] | None:
    """The names that the classes of an estimator have; None of other models."""
    last = field.program.operations[-1]
    called = getattr(last.function, "classes", ()) if isinstance(last, Call) else ()
    labels = getattr(model, "classes_", None) if is_estimator(model) else None
    names = called or (tuple(map(str, labels.tolist())) if isinstance(labels, np.ndarray) and labels.ndim == 1 else ())
    return names if len(names) == count else None


def _named(model: object, y: ArrayLike | None, names: tuple[str, ...]) -> ArrayLike | None:
    """Labels as the names of an estimator's own classes, where all are among these: 2.0 is the class 2.0, no number."""
    labels = getattr(model, "classes_", None) if is_estimator(model) and y is not None else None
    if not isinstance(labels, np.ndarray) or labels.shape != (len(names),):
        return y
    given = np.asarray(y)
    found = given[..., None] == labels
    return np.array(names)[found.argmax(axis=-1)] if given.ndim == 1 and found.any(axis=-1).all() else y


def view_of(home: Plane, plane: Plane | None, size: tuple[int, int] | None) -> Raster:
    """What is seen: `plane`, else the smallest plane around `home` whose pixels are square at this `size`; without a
    size the home itself, unless its sides are more than 8 to 1 unlike.

    Errors: InputError, LimitError.
    """
    if size is not None:
        columns, rows = (checks.whole(side, "decision size", 2) for side in checks.items(size, "decision size", 2, 2))
        if plane is None:
            return squared("decision", home, (columns, rows))
        return Raster(columns, rows, checks.instance(plane, Plane, "decision plane", A_PLANE))
    seen = _wide(home) if plane is None else checks.instance(plane, Plane, "decision plane", A_PLANE)
    pitch = max(seen.width, seen.height) / LONGER
    return Raster(max(2, round(seen.width / pitch)), max(2, round(seen.height / pitch)), seen)


def _wide(home: Plane) -> Plane:
    """The home; where its sides are too unlike for a picture with axes, the shorter one grown to a quarter."""
    longer, shorter = max(home.width, home.height), min(home.width, home.height)
    if longer <= UNLIKE * shorter:
        return home
    least = longer / SLIM
    side = "x" if home.width < least else "y"
    LOG.warning(
        "decision: along %s the plane grows from %.4g to %.4g, a quarter of the other side; nw.features(i, j, data=X) "
        "scales inputs of unlike spread",
        side,
        shorter,
        least,
    )
    return replace(home, width=max(home.width, least), height=max(home.height, least))


def summed(
    asked: Asked,
    ground: Ground,
    names: tuple[str, ...],
    *,
    threshold: float | None = None,
    points: Points | None = None,
    note: str = "",
    neutral: int | None = None,
) -> Decision:
    """The Decision that a ground makes of what is asked: areas, shares, boundaries and ties of the classes `names`."""
    raster = asked.raster
    areas = dict(zip(ground.winners.sets, ground.areas(), strict=True))
    whole = raster.plane.width * raster.plane.height
    alone = tuple(areas.get((n,), 0.0) for n in range(len(names)))
    ties = tuple(
        Tie(tuple(names[n] for n in several), area, area / whole) for several, area in areas.items() if len(several) > 1
    )
    return Decision(
        classes=names,
        areas=alone,
        share=tuple(area / whole for area in alone),
        boundary={(names[a], names[b]): tuple(lines) for (a, b), lines in ground.boundaries().items()},
        ties=ties,
        exact=ground.resolution is None,
        plane=raster.plane,
        threshold=threshold,
        size=(raster.columns, raster.rows),
        note=note,
        points=points,
        axes=asked.axes,
        neutral=neutral,
        ground=ground,
        asked=asked,
    )


def _ground(
    held: Contest, raster: Raster, one: int | None, engine: str, progress: Progress | None
) -> tuple[Ground, str]:
    """Exact cells where they can be had and are wanted, else samples; and why samples."""
    note = ""
    if engine in ("auto", "exact"):
        try:
            limit = LIMIT if engine == "auto" else EXACT_LIMIT
            return cell_ground(held, tessellate(held.field, raster.plane, limit=limit, progress=progress), one), ""
        except (UnsupportedError, LimitError) as error:
            if engine == "exact":
                raise
            note = str(error)
    return GridGround(against(sampled(held, raster, engine, progress), one), raster), note


def sampled(held: Contest, raster: Raster, engine: str, progress: Progress | None) -> NDArray[np.float64]:
    """(K, rows, columns) the classes' values at the pixel centres. Errors: NotFiniteError."""
    evaluator = "native" if engine == "auto" else engine
    values = held.values.sample(raster, engine=evaluator, progress=progress).astype(np.float64)
    if not np.isfinite(values).all():
        raise NotFiniteError("decision: the model's outputs are NaN or infinite on this plane; choose another plane")
    return values
