"""ONNX files: read with bounds, turned into Networks, and where that cannot be, run by ONNX's own reference."""
