"""Writes quantize.json: embeddings and what sentence-transformers' quantize_embeddings makes of them.

quantize below is that function (sentence-transformers 6.0.1, util/quantization.py, Apache-2.0) without its logging and its
handling of lists and torch tensors; with the package installed, --compare compares the two.

    python make_quantize.py            (numpy 2.4.6 was used)
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def quantize(embeddings, precision, ranges=None, calibration_embeddings=None):
    if precision == "int8":
        if ranges is None:
            source = embeddings if calibration_embeddings is None else calibration_embeddings
            ranges = np.vstack((np.min(source, axis=0), np.max(source, axis=0)))
        starts = ranges[0, :]
        steps = (ranges[1, :] - ranges[0, :]) / 255
        steps = np.where(steps == 0, 1, steps)
        q_vals = np.clip(np.floor((embeddings - starts) / steps), 0, 255)
        return (q_vals - 128).astype(np.int8)
    packed = np.packbits(embeddings > 0, axis=-1).reshape(embeddings.shape[0], -1)
    return packed if precision == "ubinary" else (packed - 128).astype(np.int8)


def truncate(embeddings, dimensions):
    cut = embeddings[:, :dimensions].astype(np.float64)
    norm = np.maximum(np.sqrt((cut * cut).sum(axis=1, keepdims=True)), 1e-12).astype(np.float32)
    return embeddings[:, :dimensions] / norm


def unit(rng, rows, dimensions):
    x = rng.standard_normal((rows, dimensions)).astype(np.float32)
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def main():
    rng = np.random.default_rng(11)
    cases = []
    for rows, dimensions in [(1, 8), (5, 64), (40, 61), (3, 7), (12, 256)]:
        x = unit(rng, rows, dimensions)
        calibration = unit(rng, 30, dimensions)
        if rows > 2:
            x[0, 0] = x[1, 0] = x[2, 0] = 0.0   # equal in some rows, and neither positive nor negative
            x[1, 1] = -0.0
            calibration[:, 2] = 0.25            # a dimension without a range
        if "--compare" in sys.argv:
            from sentence_transformers.util.quantization import quantize_embeddings
            for precision in ["int8", "binary", "ubinary"]:
                assert np.array_equal(quantize(x, precision), quantize_embeddings(x, precision)), precision
            assert np.array_equal(
                quantize(x, "int8", calibration_embeddings=calibration),
                quantize_embeddings(x, "int8", calibration_embeddings=calibration))
        keep = max(1, dimensions * 5 // 8)
        cases.append({
            "embeddings": floats(x),
            "calibration": floats(calibration),
            "int8_own": quantize(x, "int8").tolist(),
            "int8_calibrated": quantize(x, "int8", calibration_embeddings=calibration).tolist(),
            "binary": quantize(x, "binary").tolist(),
            "ubinary": quantize(x, "ubinary").tolist(),
            "keep": keep,
            "cut": floats(truncate(x, keep)),
        })
    (HERE / "quantize.json").write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")


def floats(x):
    """Shortest decimals that read back as the same float32."""
    return [[float(str(v)) for v in row] for row in x]


main()
