"""What ONNX's own operations are in a Program: a function a name, its attributes as ONNX's."""
