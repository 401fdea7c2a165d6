#!/usr/bin/env python3
"""mme5 beside transformers in bfloat16: the same folder, the same inputs, the same threads, in turns.

    ./mme5 bench checkpoint --output DIR --few-layers
    python3 benchmarks/transformers_beside.py DIR [--mme5 FOLDER] [--threads N] [--rounds N] [--seconds S] [--only INPUT]

DIR is what transformers loads. FOLDER is what mme5 opens, such as the panels of `mme5 quantize --to bf16`; default: DIR. A turn of one program
follows one of the other; each is repeated for S seconds at most, and the medians are compared. transformers computes the hidden states
only, no logits; its texts of one length need no padding. Needs torch, transformers 5 and Pillow."""
import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

import torch
import transformers
from PIL import Image

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


class Mme5:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.inputs = json.loads(self.process.stdout.readline())

    def seconds(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Transformers:
    def __init__(self, folder, image_file):
        self.model = transformers.MllamaForConditionalGeneration.from_pretrained(folder, dtype=torch.bfloat16).eval().model
        self.images = transformers.MllamaImageProcessor.from_pretrained(folder)
        self.image_file = image_file

    def seconds(self, name, ids):
        start = time.perf_counter()
        with torch.inference_mode():
            inputs = {"input_ids": torch.tensor(ids)}
            inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
            if name == "image":
                pixels = self.images([[Image.open(self.image_file).convert("RGB")]], return_tensors="pt")
                tiles = pixels.pop("num_tiles")[0][0]
                inputs |= {k: v.to(torch.bfloat16) if v.is_floating_point() else v for k, v in pixels.items()}
                mask = torch.zeros((1, inputs["input_ids"].shape[1], 1, pixels["pixel_values"].shape[2]), dtype=torch.long)
                mask[:, :, :, :tiles] = 1
                inputs["cross_attention_mask"] = mask
            states = self.model(**inputs, use_cache=False).last_hidden_state[:, -1]
            torch.nn.functional.normalize(states.float(), dim=-1)
        return time.perf_counter() - start


def noise(side):
    image = Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))
    file = os.path.join(tempfile.mkdtemp(), "noise.png")
    image.save(file)
    return file


def measure(run, seconds):
    """The median of some runs, one at least."""
    times = [run()]
    while sum(times) < seconds and len(times) < 5:
        times.append(run())
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--mme5", help="the folder that mme5 opens")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--only", metavar="INPUT", help="an input whose row begins so, such as image")
    parser.add_argument("--command", default=os.path.join(ROOT, "mme5") + " bench", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    image = noise(400)
    command = arguments.command.split() + ["turns", "--model", arguments.mme5 or arguments.folder, "--threads", str(arguments.threads), "--image", image]
    ours = Mme5(command)
    theirs = Transformers(arguments.folder, image)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, bfloat16, {arguments.threads} threads; medians of {arguments.rounds} turns")
    inputs = {name: ids for name, ids in ours.inputs.items() if name.startswith(arguments.only or "")}
    if not inputs:
        sys.exit(f"no input begins with {arguments.only!r}; there are: {', '.join(ours.inputs)}")
    for name, ids in inputs.items():
        for _ in range(3):  # compiles
            ours.seconds(name)
        theirs.seconds(name, ids)
        turns = [(measure(lambda: ours.seconds(name), arguments.seconds), measure(lambda: theirs.seconds(name, ids), arguments.seconds))
                 for _ in range(arguments.rounds)]
        a, b = (statistics.median(t[i] for t in turns) for i in (0, 1))
        print(f"{name:28s} mme5 {a:8.3f} s  transformers {b:8.3f} s  {statistics.median(t[1] / t[0] for t in turns):5.2f} times as fast", flush=True)
    ours.close()


if __name__ == "__main__":
    sys.exit(main())
