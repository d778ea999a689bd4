/** Of the unpacked ONNX Runtime; written in by vite.config.ts. */
declare const RUNTIME_BYTES: number;
