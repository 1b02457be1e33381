"""Networks of ONNX files: `nw.onnx.from_file`. It needs the package onnx when it is called."""

from netwarp.models.onnx_files.network import from_file

__all__ = ["from_file"]
