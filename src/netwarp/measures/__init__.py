"""Measures: named numbers for how complicated a Field is; `define` registers one of your own.

>>> @nw.measures.define(unit="1", source="this example", formula="max |f|")
... def example_peak(image):
...     "How many standard deviations the value that is furthest from the mean is away from it."
...     return abs(image).max()
"""

from netwarp.measures.registry import define as define
