#!/usr/bin/env python3
"""Compares what `mme5 trace` wrote with mllama_ref.py, at widths at which the tiny reference models say nothing.

    compare_with_reference.py FOLDER INPUT.jsonl TRACE.safetensors [--f64]

FOLDER is the model, such as `mme5 bench checkpoint --few-layers` writes; INPUT.jsonl is what `mme5 trace` was given (its first line;
`text` or `images`). Prints for every stage the largest difference relative to the rms of the reference's values, and the embedding's
largest difference and 1 - cosine. Exit status 1 when a stage is beyond 1e-4 or the embedding beyond 2e-6 or 1e-8.

With --f64 the reference computes in float64: run it when a stage is beyond its limit, to see who is nearer to the truth, or to see
how far float32 itself is from it. Weights are widened one by one, so memory stays below 2 GB (4 GB with --f64).

Needs numpy, Pillow and regex, and the reference beside it in docs/reference."""
import json
import mmap
import os
import struct
import sys

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "docs", "reference"))
import mllama_ref as ref  # noqa: E402

STAGE_LIMIT, EMBEDDING_LIMIT, COSINE_LIMIT = 1e-4, 2e-6, 1e-8


class Rows:
    """A table of which only the rows asked for are widened."""

    def __init__(self, raw, dtype):
        self.raw, self.dtype = raw, dtype

    def __getitem__(self, rows):
        return widen(self.raw[rows], self.dtype)


class Weights:
    """The checkpoint's tensors under normalised names, widened when they are used."""

    def __init__(self, folder, dtype):
        self.dtype, self.raw = dtype, {}
        with open(os.path.join(folder, "model.safetensors.index.json")) as f:
            files = sorted(set(json.load(f)["weight_map"].values()))
        for name in files:
            with open(os.path.join(folder, name), "rb") as f:
                data = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
            (n,) = struct.unpack_from("<Q", data)
            for tensor, e in json.loads(data[8:8 + n]).items():
                if tensor == "__metadata__":
                    continue
                assert e["dtype"] == "BF16", e["dtype"]
                begin, end = e["data_offsets"]
                raw = np.frombuffer(data, "<u2", (end - begin) // 2, 8 + n + begin)
                self.raw[ref.normal_name(tensor)] = raw.reshape(e["shape"])

    def __getitem__(self, name):
        raw = self.raw[name]
        return Rows(raw, self.dtype) if name.endswith("embed_tokens.weight") else widen(raw, self.dtype)


def widen(raw, dtype):
    return (raw.astype(np.uint32) << 16).view(np.float32).astype(dtype)


def first_input(path):
    with open(path, encoding="utf-8") as f:
        line = json.loads(f.readline())
    folder = os.path.dirname(os.path.abspath(path))
    images = [ref.to_rgb(Image.open(os.path.join(folder, name))) for name in line.get("images", [])]
    if not images:
        return line["text"], images
    return ref.IMG * len(images) + ref.BOS + line.get("text", "Represent the given image.\n"), images


def reference(folder, text, images, dtype):
    ref.load_weights = Weights
    stages = {}
    model = ref.Model(folder, dtype)

    def keep(name, value):  # of the one picture: "vision.transformer.1.image0", "projected.0"
        per_picture = name.startswith(("pixel_values.", "projected.", "vision.output."))
        stages[name.removesuffix(".0") if per_picture else name.removesuffix(".image0")] = value

    _, stages["pooled"], stages["embedding"] = model.embed(text, images, None, keep)
    return stages


def compare(want, got):
    bad = 0
    for name, value in got.items():
        if name == "embedding" or name.endswith(".last") or name not in want:
            continue
        expected = want[name].astype(np.float64).reshape(-1)
        difference = np.abs(value.astype(np.float64).reshape(-1) - expected).max() / np.sqrt((expected**2).mean())
        beyond = difference > STAGE_LIMIT
        bad += beyond
        print(f"{name:34s} {difference:.1e} of rms{'   beyond ' + str(STAGE_LIMIT) if beyond else ''}")
    a, b = want["embedding"].astype(np.float64), got["embedding"].astype(np.float64)
    difference = np.abs(a - b).max()
    angle = 1 - a @ b / np.sqrt((a @ a) * (b @ b))
    print(f"embedding: max abs {difference:.1e}, 1 - cosine {angle:.1e}")
    return bad + (difference > EMBEDDING_LIMIT) + (angle > COSINE_LIMIT)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--f64"]
    if len(arguments) != 3:
        sys.exit(__doc__)
    folder, inputs, trace = arguments
    text, images = first_input(inputs)
    want = reference(folder, text, images, np.float64 if "--f64" in sys.argv else np.float32)
    got = ref.read_safetensors(trace)
    shared = [n for n in got if n in want]
    print(f"{len(shared)} stages; the trace alone has {sorted(n for n in got if n not in want and not n.endswith('.last'))}")
    sys.exit(1 if compare(want, got) else 0)


if __name__ == "__main__":
    main()
