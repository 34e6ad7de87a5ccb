"""Networks at scoring time, run by ONNX Runtime."""
