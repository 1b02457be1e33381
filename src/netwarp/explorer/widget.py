"""A network in a notebook: the picture one zooms, as an anywidget; in an exported notebook as a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from netwarp.architecture.architecture import Architecture
from netwarp.checks import get, instance, mapping
from netwarp.errors import InputError, NetwarpError
from netwarp.explorer.exhibited import CONTROLS, Exhibited
from netwarp.explorer.export import STATIC, render
from netwarp.explorer.facts import texts_of
from netwarp.explorer.limits import plane_of, view_of
from netwarp.explorer.places import Rectangle
from netwarp.explorer.reading import Files, pane_of_recipe, pane_of_subject
from netwarp.explorer.state import Pane, check_decimal, known
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.network.source import SEED
from netwarp.orders.subject import is_file, read_subject
from netwarp.orders.what import as_subject
from netwarp.picture.recipe import Recipe
from netwarp.plane import Plane, Raster, view
from netwarp.renamed import renamed

if TYPE_CHECKING:
    from anywidget import AnyWidget

FRAME_HEIGHT = 760


def explore(
    what: str | Path | Architecture | Network | Field = "conv(10) * 10",
    raster: Raster | None = None,
    *,
    plane: Plane | None = None,
    seed: int | None = None,
    colour: str | None = None,
    contrast: str | None = None,
    show: str | None = None,
    **options: str | float,
) -> AnyWidget:
    """The network as a picture to pan and zoom, in a notebook; no server and no network are needed.

    `what` is what `netwarp explore` takes, an Architecture, a Network, or a Field; with an architecture's text
    `options` are the explorer's (act, norm, init, inputs, out, out_act). The view is `plane`, or that of `raster`: the
    unit square, or a picture's own, unless said. `contrast` is "whole", the Field's own Tone, or "view", fitted to what
    is in view; `show` is "output" or "layer:N:channel:M". x, y, w, h are the former way to say the plane, and warn.
    A saved notebook keeps the picture, which is an HTML page in a frame. While its kernel runs the frame has sliders.
    `view`, `recipe`, `seed`, `depth`, `width`, `scale` and `shift` of what this gives can be read, and set.
    Networks that a browser does not evaluate (k x k kernels) are pyramids of tiles of the view.
    Errors: InputError, LimitError; NetwarpError without the extra netwarp[explorer].

    >>> view = nw.explore("conv(10) * 2", plane=nw.Plane(0.1, 0.1, width=0.2, height=0.2))
    >>> view.to_html().startswith("<!doctype html>")
    True
    >>> nw.explore("conv(10)", show="layer 2")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: show='layer 2': must be output, classes, margin or layer:N:channel:M, ...
    """
    seen = None if raster is None and plane is None else view("explore", Raster(), raster, plane=plane).plane
    given: dict[str, object] = {} if seen is None else dict(view_of(seen))
    given |= {name: one for name, one in (("colour", colour), ("tone", contrast), ("show", show)) if one is not None}
    if former := [name for name in ("x", "y", "w", "h") if name in options]:
        renamed(f"explore {', '.join(former)}", "plane, as in plane=Plane(x, y, w, h)")
        given |= {name: str(options.pop(name)) for name in former}
    files = Files()
    if isinstance(what, str | Path) and is_file(str(what)):
        _no_options(options)
        pane = pane_of_subject(read_subject(str(what)), files, seed)
        shown = Exhibited.of_pane(Pane.from_data(given, pane.to_data()), files)
    elif isinstance(what, str | Architecture):
        texts = {"arch": what} if isinstance(what, str) else texts_of(what)
        start = SEED if seed is None else seed
        shown = Exhibited.of_pane(Pane.from_data({**texts, **options, **given, "seed": start}), files)
    elif isinstance(what, Network):
        _no_options(options)
        pane = pane_of_subject(as_subject(what, "explore"), files, seed)
        shown = Exhibited.of_pane(Pane.from_data(given, pane.to_data()), files)
    else:
        _no_options(options)
        if not isinstance(what, Field):
            raise InputError(f"explore {type(what).__name__}: must be a text, an Architecture, a Network or a Field")
        # where it was calibrated, as other Fields are looked at
        shown = Exhibited.of_field(what, Pane.from_data(view_of(what.raster.plane) | given))
    return _widget_class()(shown)  # type: ignore[no-any-return]  # of a class made where anywidget is


def _no_options(options: Mapping[str, object]) -> None:
    if options:
        raise InputError(f"explore {next(iter(options))}=...: options are for an architecture's text")


@cache
def _widget_class() -> Any:
    """Made once, where it is first needed: anywidget is an extra."""
    try:
        from anywidget import AnyWidget
        from traitlets import Dict, Float, Instance, Int, Unicode
    except ImportError:
        raise NetwarpError("explore needs anywidget: pip install 'netwarp[explorer]'") from None

    class Explorer(AnyWidget):
        """A picture to pan and zoom, as `explore` says; what of it may be read and set from Python.

        `view` is the Plane that it looks at, `seed` the network's, `recipe` the Recipe of the picture in view. `depth`,
        `width`, `scale` and `shift` are its sliders: None where the network's text has no such thing. Setting one
        draws another network, in the notebook too. Errors: InputError, LimitError, and then all is as it was.
        """

        _esm = (STATIC / "widget.js").read_text(encoding="utf-8")
        _css = (STATIC / "viewer.css").read_text(encoding="utf-8")
        data = Dict().tag(sync=True)
        about = Unicode().tag(sync=True)
        view = Instance(Plane).tag(sync=True, to_json=_to_view, from_json=_from_view)
        seed = Int(None, allow_none=True).tag(sync=True)
        depth = Int(None, allow_none=True).tag(sync=True)
        width = Int(None, allow_none=True).tag(sync=True)
        scale = Float(None, allow_none=True).tag(sync=True)
        shift = Float(None, allow_none=True).tag(sync=True)
        # what was asked for on the page and cannot be drawn; and how often something was answered
        problem = Unicode().tag(sync=True)
        answered = Int(0).tag(sync=True)
        # of its frames
        name = Unicode().tag(sync=True)

        def __init__(self, shown: Exhibited) -> None:
            self._shown = shown
            self._settling = True
            super().__init__(name=token_hex(8), **self._state(shown))
            self._settling = False
            self.observe(self._set, names=list(CONTROLS))
            self.observe(self._looked, names="view")
            self.on_msg(self._asked)

        @property
        def recipe(self) -> Recipe:
            """That of the picture in view, as `Drawing.picture.recipe` has it. Setting it shows that picture."""
            return self._shown.recipe()

        @recipe.setter
        def recipe(self, recipe: Recipe) -> None:
            instance(recipe, Recipe, "explore recipe", "a Recipe, as picture.recipe or nw.Recipe.read gives")
            files = Files()
            self._show(Exhibited.of_pane(pane_of_recipe(recipe, files), files))

        def to_html(self) -> str:
            """The self-contained page of the same picture."""
            return render(self._here(), self.about).decode()

        def _here(self) -> dict[str, object]:
            looks = view_of(self.view)
            return self.data if looks == self.data["view"] else {**self.data, "looks": looks}

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            bundle = super()._repr_mimebundle_(**kwargs)
            if bundle is None:
                return None
            # a widget's own output would be preferred to a frame, and is an error where its kernel has gone; a frame
            # stands by itself, and the widget finds it by its name
            frame = (
                f'<iframe title="{escape(self.data["title"])}" srcdoc="{escape(self.to_html())}" '
                f'name="netwarp-{self.name}" sandbox="allow-scripts" width="100%" height="{FRAME_HEIGHT}" '
                f'frameborder="0"></iframe><script>{(STATIC / "host.js").read_text(encoding="utf-8")}</script>'
            )
            poster = str(self.data["poster"]).partition(",")[2]
            return {"text/plain": bundle[0].get("text/plain", ""), "text/html": frame, "image/png": poster}, {}

        def _state(self, shown: Exhibited) -> dict[str, object]:
            """The traits that say what is shown."""
            turn = {"turn": self.data.get("turn", 0) + 1} if self.data else {}
            return {"data": {**shown.data, **turn}, "about": shown.about, "view": shown.plane, **shown.controls}

        def _show(self, shown: Exhibited) -> None:
            self._settling = True
            try:
                with self.hold_sync():
                    for name, value in self._state(shown).items():
                        setattr(self, name, value)
                    self.problem = ""
                    self.answered += 1
            finally:
                self._settling = False
            self._shown = shown

        def _set(self, change: Any) -> None:
            """A control was set from Python."""
            if self._settling:
                return
            try:
                self._show(self._shown.changed({change.name: change.new}))
            except NetwarpError:
                self._settling = True
                setattr(self, change.name, change.old)
                self._settling = False
                raise

        def _looked(self, change: Any) -> None:
            """A hand moved the picture, or Python did, which tiles follow only when they are drawn anew."""
            if self._settling:
                return
            by_hand = "view" in self._property_lock
            try:
                shown = self._shown.looking(change.new, again=not by_hand)
            except NetwarpError:
                self._settling = True
                self.view = change.old
                self._settling = False
                raise
            if shown.data is self._shown.data:
                self._shown = shown
            else:
                self._show(shown)

        def _asked(self, _: object, content: object, __: object) -> None:
            """The page's sliders ask for another network; whatever comes of it is answered."""
            with self.hold_sync():
                try:
                    patch = mapping(content, "explore")
                    known(patch, CONTROLS, "explore")
                    self._show(self._shown.changed(patch))
                except NetwarpError as error:
                    self.problem = str(error)
                    self.answered += 1

    return Explorer


def _to_view(plane: Plane, _: object) -> Rectangle:
    return view_of(plane)


def _from_view(view: object, _: object) -> Plane:
    """Errors: InputError."""
    said = mapping(view, "view")
    return plane_of(*(check_decimal(get(said, key, "view"), key, positive=key in "wh") for key in "xywh"))
