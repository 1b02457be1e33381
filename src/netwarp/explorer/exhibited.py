"""What a notebook's widget exhibits: a Pane's network or a Field, and what becomes of it when one thing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from netwarp import checks
from netwarp.architecture.architecture import Architecture
from netwarp.errors import InputError
from netwarp.explorer.export import SECONDS, TILE, ViewerData, data_of, data_of_open, view_of_pane
from netwarp.explorer.facts import y_of
from netwarp.explorer.limits import plain, plane_of, view_of
from netwarp.explorer.opening import open_pane
from netwarp.explorer.reading import Files
from netwarp.explorer.seeds import MAX_SEED
from netwarp.explorer.sliders import SLIDERS, slid, standing
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.fields.field import Field
from netwarp.orders.drawing import draw_network
from netwarp.orders.subject import Subject
from netwarp.orders.what import as_subject
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import DEFAULT_MAP, Tone, channels_of
from netwarp.plane import Plane, Raster

CONTROLS = ("seed", *SLIDERS)


@dataclass(frozen=True, eq=False)
class Exhibited:
    """`data` and `about` are what the viewer needs of the Field where the Pane looks.

    `given`: the Field itself was given, with whatever statistics it has, and nothing of it can be changed.
    """

    pane: Pane
    files: Files
    field: Field
    subject: Subject
    data: ViewerData
    about: str
    given: bool = False

    @classmethod
    def of_pane(cls, pane: Pane, files: Files) -> Exhibited:
        """Errors: as opening.open_pane."""
        cancel = Cancellation("later", SECONDS)
        opened = open_pane(pane, files, cancel)
        data, about = data_of_open(opened, pane, cancel)
        return cls(opened.pane, files, opened.field, opened.subject, data, about)

    @classmethod
    def of_field(cls, field: Field, pane: Pane) -> Exhibited:
        """Of a Field that no text gives; the Pane says where it is looked at, and how."""
        shown = field if pane.layer is None else field.after(pane.layer[0])
        colour = pane.colour
        if channels_of(colour) == 3 and (shown.channels != 3 or pane.layer is not None):
            colour = DEFAULT_MAP
        tone = Tone.fit(shown.sample(), colour, channel=None if pane.layer is None else pane.layer[1])
        subject = as_subject(field.network, "explore")
        data = data_of(
            field,
            tone,
            title=field.network.text or "a network",
            view=view_of_pane(pane),
            show=pane.show,
            shown=shown,
            contrast=pane.tone,
            up=y_of(pane, subject) == "up",
        )
        return cls(pane, Files(), field, subject, data, "", given=True)

    @property
    def plane(self) -> Plane:
        """Where it looks."""
        return plane_of(self.pane.x, self.pane.y, self.pane.w, self.pane.h)

    @property
    def drawn(self) -> bool:
        """Whether an architecture's text and a seed say the network: then they can be changed."""
        return isinstance(self.subject.source, Architecture) and not self.given

    @property
    def controls(self) -> dict[str, int | float | None]:
        """Where the seed and the sliders stand; None of what the network has not got."""
        if not self.drawn:
            return {"seed": self.field.network.seed, **dict.fromkeys(SLIDERS)}
        return {"seed": None if self.pane.bred else self.pane.number, **standing(self.pane)}

    def changed(self, patch: Mapping[str, object]) -> Exhibited:
        """With other numbers for some of the controls. Errors: InputError; LimitError."""
        pane = self.pane
        for name, value in patch.items():
            if not self.drawn:
                raise InputError(
                    f"explore {name}={value!r}: the weights of this network are given; show an architecture's text"
                )
            if name == "seed":
                pane = replace(pane, seed=checks.whole(value, "explore seed", -MAX_SEED, MAX_SEED), bred="")
            else:
                pane = slid(pane, name, plain(checks.number(value, f"explore {name}")), owner="explore")
        return Exhibited.of_pane(pane, self.files)

    def looking(self, plane: Plane, *, again: bool) -> Exhibited:
        """Looking elsewhere. `again`: tiles, which show no more than the view they are of, are drawn anew.

        Errors: InputError; LimitError for a view too small to draw.
        """
        pane = Pane.from_data(view_of(plane), self.pane.to_data())
        plane_of(pane.x, pane.y, pane.w, pane.h)
        if not again or self.data["kind"] == "network":
            return replace(self, pane=pane)
        return Exhibited.of_field(self.field, pane) if self.given else Exhibited.of_pane(pane, self.files)

    def recipe(self) -> Recipe:
        """That of the picture in view. Errors: InputError of decision regions; as `draw_network`."""
        if self.pane.decides:
            raise InputError("recipe: decision regions are shown; nw.decision gives the Decision, which has one")
        layer, channel = self.pane.layer or (None, None)
        drawn = draw_network(
            self.field.network,
            Raster(*TILE, self.plane),
            calibration=self.field.raster,
            colour=_colour(self.data, self.pane),
            weights=self.subject.weights,
            contrast=self.pane.tone,
            layer=layer,
            channel=channel,
            y="up" if self.data["up"] else "down",
        )
        return drawn.recipe


def _colour(data: ViewerData, pane: Pane) -> str:
    """The colouring of the picture."""
    if data["kind"] == "network":
        return data["tone"]["colour"]
    return "auto" if channels_of(pane.colour) == 3 else pane.colour
