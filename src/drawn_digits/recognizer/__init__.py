"""What answers: the shipped ONNX file, loaded, checked and run."""
