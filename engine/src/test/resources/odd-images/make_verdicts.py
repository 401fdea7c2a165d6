#!/usr/bin/env python3
"""Writes verdicts.txt: what Pillow 12 decodes the images of this folder to, as they are stored and made upright by exif_transpose.

    make_verdicts.py

A line is: name, width, height and SHA-256 of the RGB pixels, then the same of the upright image. The pixels are those of HF's
convert_to_rgb of transformers 4.48.3: an RGB image as it is, any other converted to RGBA and composited over white.
"""

import hashlib
from pathlib import Path

from PIL import Image, ImageOps


def verdict(image):
    if image.mode != "RGB":
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, (255, 255, 255)), rgba).convert("RGB")
    return f"{image.width} {image.height} {hashlib.sha256(image.tobytes()).hexdigest()}"


folder = Path(__file__).parent
lines = []
for file in sorted(folder.iterdir()):
    if file.suffix in (".bmp", ".jpg", ".png"):
        lines.append(f"{file.name} {verdict(Image.open(file))} {verdict(ImageOps.exif_transpose(Image.open(file)))}\n")
(folder / "verdicts.txt").write_text("".join(lines))
