# %% [markdown]
# # Depth against width, in ten cells
#
# Two networks with a hundred hidden units each. One has them side by side, in a single layer; the other has ten layers of ten.
# Which of the two can draw the more complicated picture? We look, and then we count.
#
# **1. What goes in.** Every pixel knows two numbers: its own x and its own y. A network turns these two into three, and
# three numbers are a colour. Nothing else goes in, so whatever a picture shows beyond a ramp, the network has made.

# %%
import numpy as np

import netwarp as nw

raster = nw.Raster(columns=300, rows=200)
raster.slope()[:, ::100, ::100].round(3)  # x and y of a few pixels

# %% [markdown]
# **2. Two architectures.** `conv(100)` applies a hundred different weighted sums to every pixel, normalises each over the
# picture, and passes it through a ReLU. `conv(10) * 10` does the same with ten, ten times in a row. All kernels are 1 × 1: no
# pixel sees its neighbours.

# %%
wide, deep = nw.parse("conv(100)"), nw.parse("conv(10) * 10")
for arch in (wide, deep):
    counts = nw.count(arch)
    print(f"{arch!s:14} {counts.layers:2} layers  {counts.units} units  {counts.parameters:5,} parameters")

# %% [markdown]
# **3. Random weights.** Nothing is trained. We draw weights from a seed, take the statistics that the normalisation needs on
# the raster (*calibration*), and have a function of the plane: a `Field`. Its values, painted, are the picture.


# %%
def field_of(arch: nw.Architecture, seed: int = 7) -> nw.Field:
    return nw.Network.draw(arch, seed=seed).calibrate(raster)


def picture(field: nw.Field, view: nw.Raster = raster) -> nw.Picture:
    tone = nw.Tone.fit(field.sample(field.raster), colour="lab")  # fitted once: all views share its colours
    return nw.paint(field.sample(view), tone)


picture(field_of(wide))

# %% [markdown]
# At most a hundred creases, one for every unit: each unit's ReLU starts along one straight line.
#
# **4. The same hundred units, ten deep.**

# %%
picture(field_of(deep))

# %% [markdown]
# The second layer bends a plane that the first has already bent, the third bends that, and so on: the creases of late layers
# are no longer straight, and there are many more of them.
#
# **5. From layer to layer.** `field.after(n)` is layer n as a field of its own. Here are the first three channels after 1, 2,
# 4 and 8 layers.

# %%
layers = (1, 2, 4, 8)
field = field_of(deep)
stages = [field.after(n).sample(raster)[:3] for n in layers]
pictures = [nw.paint(samples, nw.Tone.fit(samples, colour="rgb")) for samples in stages]
nw.contact_sheet(pictures, [f"after layer {n}" for n in layers], columns=2)

# %% [markdown]
# **6. Is it the ReLU?** The sigmoid has no creases; it bends smoothly. The difference between wide and deep stays.

# %%
smooth = [nw.parse(text, act="sigmoid") for text in ("conv(100)", "conv(10) * 10")]
nw.contact_sheet([picture(field_of(arch)) for arch in smooth], ["one layer of 100", "ten layers of 10"])

# %% [markdown]
# **7. Count it.** Walk along a straight line through the picture and count how often the first output turns from rising to
# falling or back. We spend the same hundred units in six ways, and take the median of nine seeds with the smallest and the
# largest: one network proves nothing.

# %%
line = np.stack([np.linspace(-0.5, 0.5, 20_001), np.full(20_001, 0.1)], axis=1)


def turns(field: nw.Field) -> int:
    rises = np.diff(field.at(line)[:, 0]) > 0
    return int(np.count_nonzero(rises[1:] != rises[:-1]))


for width, depth in ((100, 1), (50, 2), (25, 4), (20, 5), (10, 10), (5, 20)):
    found = sorted(turns(field_of(nw.Architecture(nw.conv(width) * depth), seed)) for seed in range(9))
    print(f"{depth:2} layers of {width:3}: {found[4]:4} turns ({found[0]} to {found[-1]})")

# %% [markdown]
# **8. Stretch it.** Another way to say "complicated": how long does the straight line become? Each layer maps it to a curve in
# the space of its channels. Normalisation keeps that space at one scale, so the length says how tightly the curve is folded in
# there (the *trajectory length* of Raghu et al. 2017).


# %%
def length(field: nw.Field) -> float:
    steps = np.diff(field.at(line), axis=0)
    return float(np.sqrt((steps**2).sum(axis=1)).sum())


fields = [field_of(deep, seed) for seed in range(9)]
lengths = [np.median([length(one.after(n)) for one in fields]) for n in range(1, 11)]
print("layer: ", *(f"{n:5}" for n in range(1, 11)))
print("length:", *(f"{now:5.1f}" for now in lengths))

# %% [markdown]
# **9. Zoom in.** A field is a function of the continuous plane, not an image: any part of it can be sampled at any size, and the
# colours stay. Here is a twenty-fifth of the deep network's picture.

# %%
picture(field, nw.Raster(columns=300, rows=200, plane=nw.Plane(-0.08, 0.02, 0.2, 0.2)))

# %% [markdown]
# **10. Your turn.** Change one thing and look again: `act="sin"`, another `scale`, no `shift`, a 3 × 3 kernel
# (`conv(10, 3) * 10`), a residual network (`residual(conv(10)) * 10`). Which of them make the picture more complicated, and
# which less?

# %%
trials = {
    "shift 0": nw.parse("conv(10) * 10", norm="spatial(scale=3)"),
    "scale 10": nw.parse("conv(10) * 10", norm="spatial(scale=10, shift=normal(2))"),
    "sin, scale 1": nw.parse("conv(10) * 10", act="sin", norm="spatial(scale=1, shift=normal(2))"),
    "residual": nw.parse("residual(conv(10)) * 10"),
}
nw.contact_sheet([picture(field_of(arch)) for arch in trials.values()], list(trials), columns=2)
