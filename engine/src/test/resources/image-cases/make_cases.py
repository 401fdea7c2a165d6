#!/usr/bin/env python3
"""Makes the images that the decoders are compared on with Pillow 12, and packs small ones for the tests.

    make_cases.py OUT [--seed N]    writes all cases to the folder OUT, and OUT/verdicts.txt
    make_cases.py OUT --pack        also writes cases.zip beside this script

A line of verdicts.txt is a case's name, width, height and SHA-256 of its RGB pixels, or its name and "refused". The pixels are those
of HF's convert_to_rgb of transformers 4.48.3: an RGB image as it is, any other converted to RGBA and composited over white.

Needs Pillow 12 and numpy; some fax and JPEG cases also Debian's libtiff-tools (without them they are left out).
Cases on which mme5 and Pillow differ on purpose are listed in DIFFERENT and are not packed.
"""

import argparse
import hashlib
import re
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

import make_small
import make_tiff

# Pillow refuses, or reads the bytes in a wrong order; mme5 reads the image. Or the other way round: Lab.
DIFFERENT = [
    r".*-be-.*-big\.tif",  # Pillow 12.3 does not open BigTIFF of this byte order
    r"separate-rgbx8-raw-.*", r"separate-rgba-associated8-raw-.*", r"fill-order-palette2-raw-.*", r"ycbcr-[124]4-.*",
    r"lab\.tif", r"palette-32-.\.tga", r"cut-in-data\.png",
]
PACKED = 190
PACKED_BYTES = 1400


def verdict(path):
    try:
        image = Image.open(path)
        image.load()
        if image.mode != "RGB":
            rgba = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", rgba.size, (255, 255, 255)), rgba).convert("RGB")
        return f"{image.width} {image.height} {hashlib.sha256(image.tobytes()).hexdigest()}"
    except Exception:
        return "refused"


def packed(names, sizes):
    """An even choice of all kinds: of every kind (the name up to its first number or dash) as many as of the others."""
    kinds = {}
    for name in names:
        if sizes[name] <= PACKED_BYTES and not any(re.fullmatch(d, name) for d in DIFFERENT):
            kinds.setdefault(re.match(r"[a-z]+[0-9]*", name).group() + ("be" if "-be-" in name else "") + Path(name).suffix, []).append(name)
    chosen = []
    while len(chosen) < PACKED and any(kinds.values()):
        for of_kind in kinds.values():
            if of_kind:
                chosen.append(of_kind.pop(len(of_kind) // 2))
    return sorted(chosen[:PACKED])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pack", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    options.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(options.seed)
    verdicts, sizes = {}, {}
    for module in (make_tiff, make_small):
        for name, data in module.cases(rng):
            path = options.out / name
            path.write_bytes(data)
            verdicts[name], sizes[name] = verdict(path), len(data)
    (options.out / "verdicts.txt").write_text("".join(f"{n} {v}\n" for n, v in sorted(verdicts.items())))
    print(len(verdicts), "cases,", sum(v == "refused" for v in verdicts.values()), "refused by Pillow", file=sys.stderr)
    if options.pack:
        names = packed(verdicts, sizes)
        with zipfile.ZipFile(Path(__file__).with_name("cases.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
            for name in ["verdicts.txt", *names]:
                data = "".join(f"{n} {verdicts[n]}\n" for n in names) if name == "verdicts.txt" else (options.out / name).read_bytes()
                target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
        print(len(names), "packed", file=sys.stderr)


if __name__ == "__main__":
    main()
