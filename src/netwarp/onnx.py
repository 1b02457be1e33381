"""Networks of ONNX files: `nw.onnx.from_file`. It needs the package onnx when it is called.

>>> nw.onnx.from_file("missing.onnx")
Traceback (most recent call last):
    ...
netwarp.errors.InputError: file 'missing.onnx': no such file
"""

from netwarp.models.onnx_files.network import from_file

__all__ = ["from_file"]
