"""A network in a notebook: the picture one zooms, as an anywidget; in an exported notebook as a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from netwarp.architecture.architecture import Architecture
from netwarp.errors import InputError, NetwarpError
from netwarp.explorer.export import SECONDS, STATIC, ViewerData, data_of, data_of_pane, render, view_of_pane
from netwarp.explorer.facts import texts_of, y_of
from netwarp.explorer.limits import view_of
from netwarp.explorer.reading import Files, pane_of_subject
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.orders.subject import is_file, read_subject
from netwarp.orders.what import as_subject
from netwarp.picture.tone import DEFAULT_MAP, Tone, channels_of
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
    A saved notebook keeps the picture: where no kernel runs it is an HTML page in a frame.
    Networks that a browser does not evaluate (k x k kernels) are pyramids of tiles of the view.
    Errors: InputError, LimitError; NetwarpError without the extra netwarp[explorer].

    >>> view = nw.explore("conv(10) * 2", plane=nw.Plane(0.1, 0.1, width=0.2, height=0.2))
    >>> view.to_html().startswith("<!doctype html>")
    True
    >>> nw.explore("conv(10)", show="layer 2")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: show='layer 2': must be output, classes or layer:N:channel:M, as in layer:2:channel:0
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
        data, about = data_of_pane(Pane.from_data(given, pane.to_data()), files, Cancellation("later", SECONDS))
    elif isinstance(what, str | Architecture):
        texts = {"arch": what} if isinstance(what, str) else texts_of(what)
        pane = Pane.from_data({**texts, **options, **given, "seed": seed or 0})
        data, about = data_of_pane(pane, files, Cancellation("later", SECONDS))
    elif isinstance(what, Network):
        _no_options(options)
        pane = pane_of_subject(as_subject(what, "explore"), files, seed)
        data, about = data_of_pane(Pane.from_data(given, pane.to_data()), files, Cancellation("later", SECONDS))
    else:
        _no_options(options)
        field = what
        if not isinstance(field, Field):
            raise InputError(f"explore {type(what).__name__}: must be a text, an Architecture, a Network or a Field")
        # where it was calibrated, as other Fields are looked at
        data, about = _of_field(field, Pane.from_data(view_of(field.raster.plane) | given))
    return _widget_class()(data=data, about=about)  # type: ignore[no-any-return]


def _no_options(options: Mapping[str, object]) -> None:
    if options:
        raise InputError(f"explore {next(iter(options))}=...: options are for an architecture's text")


def _of_field(field: Field, pane: Pane) -> tuple[ViewerData, str]:
    """What the viewer needs of a Field that no text gives, and a sentence."""
    shown = field if pane.layer is None else field.after(pane.layer[0])
    channel = None if pane.layer is None else pane.layer[1]
    colour = pane.colour
    if channels_of(colour) == 3 and (shown.channels != 3 or channel is not None):
        colour = DEFAULT_MAP
    tone = Tone.fit(shown.sample(), colour, channel=channel)
    title = field.network.text or "a network"
    place = view_of_pane(pane)
    up = y_of(pane, as_subject(field.network, "explore")) == "up"
    data = data_of(field, tone, title=title, view=place, show=pane.show, shown=shown, contrast=pane.tone, up=up)
    return data, ""


@cache
def _widget_class() -> Any:
    """Made once, where it is first needed: anywidget is an extra."""
    try:
        from anywidget import AnyWidget
        from traitlets import Dict, Unicode
    except ImportError:
        raise NetwarpError("explore needs anywidget: pip install 'netwarp[explorer]'") from None

    class Explorer(AnyWidget):
        """`data` is what explorer.export.data_of gives, `about` a sentence on it."""

        _esm = (STATIC / "widget.js").read_text(encoding="utf-8")
        _css = (STATIC / "viewer.css").read_text(encoding="utf-8")
        data = Dict().tag(sync=True)
        about = Unicode().tag(sync=True)

        def to_html(self) -> str:
            """The self-contained page of the same picture."""
            return render(self.data, self.about).decode()

        def _repr_mimebundle_(self, **kwargs: Any) -> Any:
            bundle = super()._repr_mimebundle_(**kwargs)
            if bundle is None:
                return None
            formats, metadata = bundle
            # what an exported notebook shows, and whatever else runs no widgets
            frame = (
                f'<iframe title="{escape(self.data["title"])}" srcdoc="{escape(self.to_html())}" '
                f'sandbox="allow-scripts" width="100%" height="{FRAME_HEIGHT}" frameborder="0"></iframe>'
            )
            return {**formats, "text/html": frame}, metadata

    return Explorer
