"""Measures: named numbers for how complicated a Field is; `define` registers one of your own."""

from netwarp.measures.registry import define as define
