"""Networks at scoring time, in ONNX Runtime."""
