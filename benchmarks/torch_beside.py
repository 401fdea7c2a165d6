#!/usr/bin/env python3
"""Products and attention of the 11B model's shapes in PyTorch, float32, to put beside `./mme5 bench`.

    python3 benchmarks/torch_beside.py [THREADS [ROUNDS]]

Weights of one product are walked through in 400 MB, so that none stays in a cache. Medians, in GFLOP/s.
"""
import statistics
import sys
import time

import torch

SHAPES = [(4096, 4096), (4096, 14336), (14336, 4096), (1280, 5120), (5120, 1280), (7680, 4096)]
TOKENS = [512, 128]
ATTENTION = [(4128, 16, 80), (6432, 16, 80)]


def rate(work, run, rounds):
    run(0)
    run(1)
    seconds = []
    for i in range(rounds):
        start = time.perf_counter()
        run(i)
        seconds.append(time.perf_counter() - start)
    return work / statistics.median(seconds) / 1e9


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    torch.set_num_threads(threads)
    print(f"torch {torch.__version__}, float32, {threads} threads")
    with torch.inference_mode():
        for columns, rows in SHAPES:
            weights = [torch.randn(rows, columns) for _ in range(max(2, 400_000_000 // (4 * rows * columns)))]
            for tokens in TOKENS:
                x = torch.randn(tokens, columns)
                work = 2 * tokens * columns * rows
                got = rate(work, lambda i: torch.nn.functional.linear(x, weights[i % len(weights)]), rounds)
                print(f"product {tokens:5d} x {columns:5d} -> {rows:5d} {got:8.1f}", flush=True)
            del weights
        for tokens, heads, size in ATTENTION:
            q, k, v = (torch.randn(1, heads, tokens, size) for _ in range(3))
            work = 4 * heads * size * tokens * tokens
            got = rate(work, lambda i: torch.nn.functional.scaled_dot_product_attention(q, k, v), max(3, rounds // 2))
            print(f"attention {tokens} {got:8.1f}", flush=True)


if __name__ == "__main__":
    main()
