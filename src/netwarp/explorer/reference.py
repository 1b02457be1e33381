"""The page of measures that the explorer's numbers link to: every measure's definition, formula, unit and source."""

from __future__ import annotations

from functools import cache

from netwarp.measures import registry

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Measures - netwarp explorer</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/explorer.css">
</head>
<body class="reading">
<main>
<h1>Measures</h1>
<p>Taken of the output, standardised per channel over the frame, and averaged over channels. Ramp and noise are
what a plain ramp and white noise score on the same raster: references, between which a value need not lie.</p>
{% for one in measures %}
<section id="{{ one.name }}" aria-labelledby="{{ one.name }}-title">
<h2 id="{{ one.name }}-title">{{ one.name.replace("_", " ") }}</h2>
<p>{{ one.definition }}</p>
<dl>
<dt>Formula</dt><dd class="formula">{{ formula(one.formula) }}</dd>
<dt>Unit</dt><dd>{{ one.unit }}</dd>
<dt>Networks</dt><dd>{{ one.applies }}</dd>
<dt>Source</dt><dd>{{ linked(one.source) }}</dd>
</dl>
</section>
{% endfor %}
</main>
</body>
</html>
"""


@cache
def reference() -> str:
    """The page, as HTML: one section a measure of netwarp's own, whose id is its name. Every text in it is escaped."""
    from jinja2 import Environment, StrictUndefined

    from netwarp.explorer.typeset import formula, linked

    own = [one for one in map(registry.find, registry.names()) if one.function.__module__.startswith("netwarp.")]
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(PAGE)
    return page.render(measures=own, formula=formula, linked=linked)
