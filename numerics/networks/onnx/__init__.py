"""Networks in the format ONNX, as programs of the operators that exported modules have."""
