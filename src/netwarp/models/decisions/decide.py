"""decision: which class wins where, for any model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp import checks
from netwarp.errors import InputError, LimitError, NetwarpError, NotFiniteError, UnsupportedError, nearest, shown
from netwarp.fields.field import Field
from netwarp.log import LOG
from netwarp.models.agreement import MIXES
from netwarp.models.choosing import UNLIKE
from netwarp.models.decisions.asked import Asked, Marks
from netwarp.models.decisions.classes import OTHERS, REST, Points, names_of, numbers_of, one_of, points_of
from netwarp.models.decisions.contest import Contest, contest
from netwarp.models.decisions.decision import Decision, Tie
from netwarp.models.decisions.grounds import GridGround, Ground, against, cell_ground
from netwarp.models.decisions.predicted import as_predicted, check_decides, check_scores, labels_of, unpredicted
from netwarp.models.estimators import from_estimator
from netwarp.models.field import field as field_of_model
from netwarp.models.files import Completion, names_file, read_network
from netwarp.models.functions import is_estimator
from netwarp.models.homes import around_points, home_of
from netwarp.models.sliced import own_slice
from netwarp.models.slices import Slice
from netwarp.models.torch_call import is_module
from netwarp.network.network import Network
from netwarp.network.program import Call
from netwarp.plane import A_PLANE, Plane, Raster, squared
from netwarp.progress import Progress
from netwarp.regions.tessellate import tessellate

LONGER = 600  # pixels of the longer side of a picture
# the area of a plane whose shares float64 can say
TINY, HUGE = 1e-280, 1e280
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

    Of several outputs the largest wins. Of a single one class 1 wins where it is above the `threshold`: unless given
    0.5 where the output activation says probability, or the values all lie in [0, 1], which `note` says, else 0.
    Outputs that are equal all over an area are a tie. `classes` names the classes, an estimator's own unless given,
    else the labels in `y` where these are as many whole numbers, else "0", "1", ...; `one_class` holds one against the
    rest. `X` are points to draw, inputs of the model (n, K), or else points (n, 2) of the plane; with a slice of two
    inputs they are inputs. `y` (n,) are their classes. The plane is the points' rectangle, sides a tenth longer, or
    else the model's home, unless given. `size` is that of the picture, 600 pixels along the longer side unless given;
    where it is given and `plane` is not, the plane grows to its proportions. Where neither is given and one side is
    more than 8 times as long as the other, the shorter one grows to a quarter of it, and the logger `netwarp` warns of
    it.

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
    field, why, told = field_of(model, slice, X, threshold=threshold, plane=plane)
    count = max(field.channels, 2)
    names = names_of((own_names(model, field, count) or numbers_of(y, count)) if classes is None else classes, count)
    one = one_of(one_class, names)
    y = _named(model, y, names) if classes is None else y
    points = points_of(X, y, names, slice or own_slice(field.network))
    raster = view_of(field.raster.plane if points is None else around_points(points.places), plane, size)
    axes = ("", "") if slice is None else slice.scales
    held = own_contest(model, field, threshold, raster.plane, told)
    asked = Asked(
        (field,),
        names,
        raster,
        (),
        held.threshold,
        one=one,
        engine=engine,
        points=points,
        axes=axes,
        marks=Marks.of(slice),
    )
    return decided(asked, held, progress, why)


def decided(asked: Asked, held: Contest, progress: Progress | None = None, why: str = "") -> Decision:
    """The Decision that follows from what is asked of one model, whose contest is `held`; `why` its layers are not
    known. Errors: as `decision`."""
    names, one, points, neutral = asked.classes, asked.one, asked.points, None
    ground, why = _ground(held, asked.raster, one, asked.engine, progress, why)
    note = "; ".join(filter(None, (why, held.note)))
    if one is not None:
        names, neutral = (names[one], OTHERS if names[one] == REST else REST), 1
        points = None if points is None else points.against(one)
    return summed(asked, ground, names, threshold=held.threshold, points=points, note=note, neutral=neutral)


def check_engine(engine: str) -> None:
    """Errors: InputError for one that there is not."""
    if str(engine).partition(":")[0] not in ENGINES:
        known = f"{', '.join(ENGINES)}{nearest(str(engine), ENGINES)}"
        raise InputError(f"decision engine={shown(engine)}: must be one of {known}")


def field_of(
    model: Any,
    at: Slice | None = None,
    X: ArrayLike | None = None,
    *,
    threshold: float | None = None,
    plane: Plane | None = None,
) -> tuple[Field, str, str]:
    """The Field of a model: a Field as it is, a Network or a file's calibrated, any other one as `nw.field` takes it;
    of an estimator or a module whose layers are known, that of its Network, so that it is exact. A softmax at a
    module's end is left out, as that changes no winner. Where an estimator predicts other classes than those of the
    largest scores, on a grid of `plane`, or else of its home, and at `X`, its outputs are the classes that it predicts,
    unless a threshold is given.

    Beside it, why the layers of a model are not known, and why a prediction was taken for its scores; "" of others.
    Errors: InputError, LimitError.
    """
    why = ""
    if at is None and isinstance(model, Field):
        check_scores(model)
        return model, why, ""
    if at is None and isinstance(model, Network):
        return _at_home(model, None), why, ""
    if names_file(model):
        return _at_home(read_network(Path(model), Completion(slice=at)), at), why, ""
    if is_module(model):
        from netwarp.models.exported import STILL
        from netwarp.models.imported import scores_of

        shape = (2,) if at is None or at.shape is None else at.shape
        try:
            return _at_home(scores_of(model, np.zeros((1, *shape)), at), at), why, ""
        except NetwarpError as error:
            why = str(error).removesuffix(STILL)
    # points of the plane itself say nothing of the model's inputs
    plain = at is not None and X is not None and np.asarray(checks.readable(X)).shape[1:] == (2,) != (at.inputs,)
    data = None if plain else X
    # a model of Keras is both
    if is_module(model) or not is_estimator(model):
        return _of_values(model, at, plane, data), why, ""
    check_decides(model, at, threshold)
    try:
        found = _at_home(from_estimator(model, at), at)
    except UnsupportedError:
        found = _of_values(model, at, plane, data)
    if threshold is not None:
        return found, why, ""
    points = points_of(X, None, (), at)
    places = None if points is None else points.places
    seen = plane or (found.raster.plane if places is None else around_points(places))
    found, told = as_predicted(model, found, at, seen, places)
    return found, why, told


def _at_home(network: Network, at: Slice | None) -> Field:
    """The network calibrated where it is looked at: the slice's home, else its own."""
    home = (None if at is None else at.home) or home_of(network)
    return network.calibrate(None if home is None else Raster(plane=home))


def _of_values(model: Any, at: Slice | None, plane: Plane | None, data: ArrayLike | None) -> Field:
    """The Field of a model of which only values are known; where a plane is given it is asked about that alone."""
    found = field_of_model(model, at, plane=plane, data=data)
    return found if plane is None else found.network.calibrate(Raster(plane=plane))


def own_names(model: object, field: Field, count: int) -> tuple[str, ...] | None:
    """The names that the classes of an estimator have; None of other models."""
    last = field.program.operations[-1]
    labels = labels_of(model)
    called = getattr(last.function, "classes", ()) if isinstance(last, Call) else ()
    names = called or (() if labels is None else tuple(map(str, labels.tolist())))
    return names if len(names) == count else None


def own_contest(model: object, field: Field, threshold: float | None, plane: Plane, told: str) -> Contest:
    """The contest of a model's classes on a plane; `told` says why its outputs are predictions, "" where they are not.

    A single score of an estimator that predicts labels is cut at 0 unless a threshold is given: its values need no
    look.
    """
    if threshold is None and field.channels == 1 and labels_of(model) is not None:
        threshold = 0.0
    held = contest(field, threshold=threshold, plane=plane)
    told = unpredicted(field, plane) if isinstance(model, Field) and threshold is None else told
    last = field.program.operations[-1]
    alone = (
        f"{MIXES}; each is asked for alone" if isinstance(last, Call) and getattr(last.function, "alone", False) else ""
    )
    return replace(held, note="; ".join(filter(None, (told, alone, held.note))))


def _named(model: object, y: ArrayLike | None, names: tuple[str, ...]) -> ArrayLike | None:
    """Labels as the names of an estimator's own classes, where all are among these: 2.0 is the class 2.0, no number."""
    labels = None if y is None else labels_of(model)
    if labels is None or len(labels) != len(names):
        return y
    given = np.asarray(checks.readable(y))
    found = given[..., None] == labels
    return np.array(names)[found.argmax(axis=-1)] if given.ndim == 1 and found.any(axis=-1).all() else y


def view_of(home: Plane, plane: Plane | None, size: tuple[int, int] | None) -> Raster:
    """What is seen: `plane`, else the smallest plane around `home` whose pixels are square at this `size`; without a
    size the home itself, unless its sides are more than 8 to 1 unlike.

    Errors: InputError, LimitError.
    """
    if size is not None:
        columns, rows = (checks.whole(side, "decision size") for side in checks.items(size, "decision size", 2, 2))
        if min(columns, rows) == 1:
            raise InputError(
                f"decision size {columns}x{rows}: between two pixels is where classes meet, so each side must be 2 "
                "at least, as in 600x400"
            )
        if plane is None:
            return _seen(squared("decision", home, (columns, rows)))
        return _seen(Raster(columns, rows, checks.instance(plane, Plane, "decision plane", A_PLANE)))
    seen = _wide(home) if plane is None else checks.instance(plane, Plane, "decision plane", A_PLANE)
    pitch = max(seen.width, seen.height) / LONGER
    return _seen(Raster(max(2, round(seen.width / pitch)), max(2, round(seen.height / pitch)), seen))


def _seen(raster: Raster) -> Raster:
    """The raster. Errors: InputError where its plane's area is no number of float64, and so no share of it."""
    area = raster.plane.width * raster.plane.height
    if not TINY <= area <= HUGE:
        raise InputError(
            f"decision plane of {raster.plane.width:.4g} x {raster.plane.height:.4g}: its area must be from {TINY:g} "
            f"to {HUGE:g}; choose another --plane"
        )
    return raster


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
    areas = ground.areas()
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
        marks=asked.marks,
        neutral=neutral,
        ground=ground,
        asked=asked,
    )


def _ground(
    held: Contest, raster: Raster, one: int | None, engine: str, progress: Progress | None, why: str
) -> tuple[Ground, str]:
    """Exact cells where they can be had and are wanted, else samples; and why samples, which is `why` where given."""
    note = ""
    if engine in ("auto", "exact"):
        try:
            limit = LIMIT if engine == "auto" else EXACT_LIMIT
            return cell_ground(held, tessellate(held.field, raster.plane, limit=limit, progress=progress), one), ""
        except (UnsupportedError, LimitError) as error:
            note = reason(error, why, engine)
    return GridGround(against(sampled(held, raster, engine, progress), one), raster), note


def reason(error: UnsupportedError | LimitError, why: str, engine: str) -> str:
    """Why samples are taken where cells give this error: `why` the layers of a model are not known says more.

    Errors: the error itself, saying that, where "exact" was asked for.
    """
    told = why if why and isinstance(error, UnsupportedError) else str(error)
    if engine == "exact":
        raise type(error)(told) from error
    return told


def sampled(held: Contest, raster: Raster, engine: str, progress: Progress | None) -> NDArray[np.float64]:
    """(K, rows, columns) the classes' values at the pixel centres. Errors: NotFiniteError."""
    evaluator = "native" if engine == "auto" else engine
    values = held.values.sample(raster, engine=evaluator, progress=progress).astype(np.float64)
    if not np.isfinite(values).all():
        raise NotFiniteError("decision: the model's outputs are NaN or infinite on this plane; choose another plane")
    return values
