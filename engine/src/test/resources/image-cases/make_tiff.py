"""TIFF cases for make_cases.py."""

import io
import itertools
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from tiffwriter import ADOBE_DEFLATE, DEFLATE, LZW, NONE, PACKBITS, tiff

COMPRESSIONS = {"raw": NONE, "lzw": LZW, "deflate": DEFLATE, "adobe": ADOBE_DEFLATE, "packbits": PACKBITS}


def picture(rng, width, height, channels, bits, smooth=True):
    """Seeded samples: gradients, an edge and some noise."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    top = (1 << bits) - 1
    base = (x * (c + 2) * 7 + y * 11 * (c + 1)) % 256 / 255 * top
    noise = rng.integers(0, top + 1, (height, width, channels))
    out = np.where((x + y) % 5 < (4 if smooth else 1), base, noise)
    return out.astype(np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32)


def color_map(rng, bits):
    return (320, 3, rng.integers(0, 65536, 3 << bits).tolist())


def kinds(rng):
    """name, channels, bits, keyword arguments: the pixel kinds that Pillow opens in both byte orders."""
    for bits in (1, 2, 4, 8):
        for photometric in (0, 1):
            yield f"grey{bits}-{photometric}", 1, bits, dict(photometric=photometric)
        yield f"palette{bits}", 1, bits, dict(photometric=3, tags=[color_map(rng, bits)])
    yield "grey16", 1, 16, dict(photometric=1)
    yield "rgb8", 3, 8, dict(photometric=2)
    yield "rgb16", 3, 16, dict(photometric=2)
    yield "rgba8-unassociated", 4, 8, dict(photometric=2, extra=[2])
    yield "rgba8-associated", 4, 8, dict(photometric=2, extra=[1])
    yield "rgba8-without-extra", 4, 8, dict(photometric=2)
    yield "rgbx8", 4, 8, dict(photometric=2, extra=[0])
    yield "rgba16-unassociated", 4, 16, dict(photometric=2, extra=[2])
    yield "rgba16-associated", 4, 16, dict(photometric=2, extra=[1])
    yield "rgbx16", 4, 16, dict(photometric=2, extra=[0])
    yield "rgbxx8", 5, 8, dict(photometric=2, extra=[0, 0])
    yield "rgbax8", 5, 8, dict(photometric=2, extra=[2, 0])
    yield "rgbaxx8-associated", 6, 8, dict(photometric=2, extra=[1, 0, 0])
    yield "grey-alpha8", 2, 8, dict(photometric=1, extra=[2])
    yield "palette-alpha8", 2, 8, dict(photometric=3, extra=[2], tags=[color_map(rng, 8)])
    yield "palette-x8", 2, 8, dict(photometric=3, extra=[0], tags=[color_map(rng, 8)])
    yield "cmyk8", 4, 8, dict(photometric=5)
    yield "cmykx8", 5, 8, dict(photometric=5, extra=[0])
    yield "cmyk16", 4, 16, dict(photometric=5)


def pixel_cases(rng):
    for name, channels, bits, kw in kinds(rng):
        for (cname, compression), order in itertools.product(COMPRESSIONS.items(), "<>"):
            for layout in ("strip", "strips", "tiles"):
                if layout == "tiles" and cname in ("deflate",):
                    continue
                width, height = int(rng.integers(1, 50)), int(rng.integers(1, 40))
                extra = dict(rows_per_strip=7) if layout == "strips" else dict(tile=(16, 16)) if layout == "tiles" else {}
                data = picture(rng, width, height, channels, bits)
                big = bool(rng.random() < 0.2)
                yield (f"{name}-{cname}-{order == '<' and 'le' or 'be'}-{layout}{'-big' if big else ''}",
                       tiff(data, bits, order=order, compression=compression, big=big, **extra, **kw))
        for order, predictor in itertools.product("<>", (2,)):
            if bits not in (8, 16):
                continue
            for cname in ("lzw", "adobe"):
                data = picture(rng, 33, 17, channels, bits)
                tile = dict(tile=(16, 32)) if rng.random() < 0.5 else dict(rows_per_strip=5)
                yield (f"{name}-{cname}-{order == '<' and 'le' or 'be'}-predictor",
                       tiff(data, bits, order=order, compression=COMPRESSIONS[cname], predictor=predictor, **tile, **kw))


def other_cases(rng):
    for order in "<>":
        end = "le" if order == "<" else "be"
        for cname, separate_bits in itertools.product(("lzw", "adobe", "packbits", "raw"), (8, 16)):
            if cname == "raw" and separate_bits == 16:
                continue  # Pillow reads the rows as if they had 8 bits
            for name, channels, kw in (("rgb", 3, {}), ("rgba", 4, dict(extra=[2])), ("rgbx", 4, dict(extra=[0])),
                                       ("rgba-associated", 4, dict(extra=[1])), ("cmyk", 4, dict(photometric=5))):
                kw = {"photometric": 2, **kw}
                for tile in (None, (16, 16)):
                    data = picture(rng, 29, 21, channels, separate_bits)
                    yield (f"separate-{name}{separate_bits}-{cname}-{end}{'-tiles' if tile else ''}",
                           tiff(data, separate_bits, order=order, compression=COMPRESSIONS[cname], separate=True, tile=tile, rows_per_strip=8, **kw))
        for cname in ("raw", "lzw", "packbits", "adobe"):
            for name, bits, kw in (("grey1", 1, dict(photometric=0)), ("grey4", 4, dict(photometric=1)), ("grey8", 8, dict(photometric=1)),
                                   ("palette2", 2, dict(photometric=3, tags=[color_map(rng, 2)])), ("rgb8", 8, dict(photometric=2))):
                data = picture(rng, 31, 9, 3 if name == "rgb8" else 1, bits)
                yield (f"fill-order-{name}-{cname}-{end}",
                       tiff(data, bits, order=order, compression=COMPRESSIONS[cname], fill_order=2, rows_per_strip=4, **kw))
        for o in range(0, 10):
            yield (f"orientation-{o}-{end}", tiff(picture(rng, 12, 7, 3, 8), 8, 2, order=order, compression=LZW, tags=[(274, 3, [o])]))
            xmp = f'<x tiff:Orientation="{o}"/>'.encode()
            yield (f"orientation-xmp-{o}-{end}", tiff(picture(rng, 12, 7, 1, 8), 8, 1, order=order, tags=[(700, 1, xmp)]))
        signed = rng.integers(-300, 600, (9, 13, 1))
        yield f"signed8-{end}", tiff(signed.astype(np.int8), 8, 1, order=order, sample_format=2)
        yield f"signed16-{end}", tiff(signed.astype(np.int16), 16, 1, order=order, sample_format=2)
        yield f"signed32-{end}", tiff(signed.astype(np.int32), 32, 1, order=order, sample_format=2)
        yield f"float32-{end}", tiff((signed / 1.7).astype(np.float32), 32, 1, order=order, sample_format=3)
        yield f"float32-white-{end}", tiff((signed / 1.7).astype(np.float32), 32, 0, order=order, sample_format=3)
        yield f"float64-{end}", tiff((signed / 1.7).astype(np.float64), 64, 1, order=order, sample_format=3)
        yield f"unsigned32-{end}", tiff(abs(signed).astype(np.uint32), 32, 1, order=order)
        yield f"grey12-{end}", tiff((abs(signed) % 4096).astype(np.uint16), 12, 1, order=order)
        yield f"grey16-white-{end}", tiff(abs(signed).astype(np.uint16), 16, 0, order=order)
        small = (abs(signed) % 300).astype(np.uint16)
        for cname in ("raw", "lzw", "adobe"):
            yield f"grey16-small-{cname}-{end}", tiff(small, 16, 1, order=order, compression=COMPRESSIONS[cname])
    for cname in ("lzw", "adobe"):
        for predictor in (1, 2, 3):
            yield (f"float32-{cname}-{predictor}",
                   tiff((rng.random((9, 13, 1)) * 300 - 20).astype(np.float32), 32, 1, compression=COMPRESSIONS[cname], predictor=predictor, sample_format=3))
        yield f"signed16-{cname}", tiff(signed.astype(np.int16), 16, 1, compression=COMPRESSIONS[cname], sample_format=2)
        yield f"grey12-{cname}", tiff((abs(signed) % 4096).astype(np.uint16), 12, 1, compression=COMPRESSIONS[cname])
        yield f"grey16-white-{cname}", tiff(abs(signed).astype(np.uint16), 16, 0, compression=COMPRESSIONS[cname])
    for size in (1, 300, 3000):
        yield f"old-lzw-{size}", tiff(picture(rng, size, 9, 1, 8, smooth=False), 8, 1, compression=LZW, old_lzw=True)
    for i, (across, down) in enumerate(itertools.product((1, 2, 4), (1, 2, 4))):
        for width, height in ((16, 16), (13, 11), (32, 8)):
            data = picture(rng, width, height, 3, 8)
            yield (f"ycbcr-{across}{down}-{width}x{height}",
                   tiff(data, 8, 6, compression=LZW, subsampling=(across, down), rows_per_strip=8 if height % 8 == 0 else None))
    levels = (532, 5, [(16, 1), (235, 1), (128, 1), (240, 1), (128, 1), (240, 1)])
    weights = (529, 5, [(2126, 10000), (7152, 10000), (722, 10000)])
    for tags in ([levels], [weights], [levels, weights]):
        yield f"ycbcr-tags-{len(tags)}-{tags[0][0]}", tiff(picture(rng, 20, 9, 3, 8), 8, 6, compression=ADOBE_DEFLATE, subsampling=(1, 1), tags=tags)
    data = picture(rng, 20, 19, 3, 8)
    yield "no-byte-counts", tiff(data, 8, 2, rows_per_strip=4, omit=[279])
    yield "no-byte-counts-lzw", tiff(data, 8, 2, compression=LZW, omit=[279])
    yield "no-rows-per-strip", tiff(data, 8, 2, compression=LZW, omit=[278])
    yield "no-photometric", tiff(data[:, :, :1], 8, 0, compression=LZW, omit=[262])
    yield "strips-backwards", tiff(data, 8, 2, rows_per_strip=4, shuffle=True)
    yield "lab", tiff(data, 8, 8)


def fax_cases(rng):
    """Bilevel compressions, by Pillow and by tiffcp where it is installed."""
    for i in range(24):
        width, height = int(rng.integers(1, 2000)), int(rng.integers(1, 12))
        runs = np.cumsum(rng.integers(1, 9 if i % 3 else 300, (height, width)), axis=1)
        bits = np.zeros((height, width), np.uint8)
        for y in range(height):
            for k in range(0, width - 1, 2):
                bits[y, runs[y, k] : runs[y, k + 1]] = 1
        if i % 2:
            bits[1:] = np.where(rng.random(bits[1:].shape) < 0.03, 1 - bits[1:], bits[:1])
        image = Image.fromarray(bits * 255).convert("1")
        for compression in ("tiff_ccitt", "group3", "group4"):
            out = io.BytesIO()
            image.save(out, "TIFF", compression=compression)
            yield f"fax-{compression}-{i}", out.getvalue()
        for option in ("g3:2d", "g3:1d:fill", "g3:2d:fill", "g4", "lzw", "zip", "packbits"):
            with tempfile.TemporaryDirectory() as folder:
                source, target = Path(folder, "a.tif"), Path(folder, "b.tif")
                image.save(source)
                extra = ["-f", "lsb2msb"] if i % 4 == 1 else []
                extra += ["-r", "3"] if i % 5 == 2 else []
                try:
                    done = subprocess.run(["tiffcp", *extra, "-c", option, source, target], capture_output=True)
                except FileNotFoundError:
                    return
                if done.returncode == 0:
                    yield f"fax-tiffcp-{option.replace(':', '-')}-{i}", target.read_bytes()


def pillow_cases(rng):
    modes = {"1": 1, "L": 1, "P": 1, "RGB": 3, "RGBA": 4, "CMYK": 4, "I;16": 1, "F": 1, "LA": 2, "I": 1}
    for mode in modes:
        for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "tiff_deflate"):
            w, h = int(rng.integers(1, 60)), int(rng.integers(1, 60))
            data = rng.integers(0, 256, (h, w, modes[mode])).astype(np.uint8)
            data = data[:, :, 0] if modes[mode] == 1 else data
            if mode in ("I;16", "I", "F"):
                image = Image.fromarray(data.astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]))
            elif mode == "1":
                image = Image.fromarray(data).convert("1")
            elif mode == "P":
                image = Image.fromarray(data, "L").quantize(100)
            else:
                image = Image.fromarray(data, mode)
            out = io.BytesIO()
            image.save(out, "TIFF", compression=compression, big_tiff=w % 3 == 0)
            yield f"pillow-{mode.replace(';', '')}-{compression}", out.getvalue()
    pages = [Image.new("RGB", (5 + i, 4), (i * 40, 9, 9)) for i in range(3)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    yield "three-pages", out.getvalue()


def jpeg_cases(rng):
    """JPEG in TIFF, by Pillow and by tiffcp where it is installed."""
    for i in range(12):
        w, h = int(rng.integers(1, 90)), int(rng.integers(1, 70))
        for mode, channels in (("L", 1), ("RGB", 3), ("CMYK", 4)):
            data = picture(rng, w, h, channels, 8)
            image = Image.fromarray(data[:, :, 0] if channels == 1 else data, mode)
            out = io.BytesIO()
            image.save(out, "TIFF", compression="jpeg", quality=int(rng.integers(30, 100)), strip_size=int(rng.integers(500, 9000)))
            yield f"jpeg-{mode}-{i}", out.getvalue()
            with tempfile.TemporaryDirectory() as folder:
                source, target = Path(folder, "a.tif"), Path(folder, "b.tif")
                image.save(source)
                for option in (["-c", "jpeg:r:80"], ["-c", "jpeg:80", "-t", "-w", "32", "-l", "16"], ["-c", "jpeg:80", "-r", "16"],
                               ["-c", "jpeg:r:70", "-p", "separate"]):
                    try:
                        done = subprocess.run(["tiffcp", *option, source, target], capture_output=True)
                    except FileNotFoundError:
                        return
                    if done.returncode == 0:
                        yield f"jpeg-tiffcp-{mode}-{i}-{'-'.join(option[1:]).replace(':', '-')}", target.read_bytes()


def jpeg_alpha_cases():
    """JPEG in TIFF with a channel of alpha. With a generator of their own, as they came later than the others."""
    rng = np.random.default_rng(7)
    for i in range(6):
        w, h = int(rng.integers(1, 90)), int(rng.integers(1, 70))
        for mode, channels in (("RGBA", 4), ("LA", 2)):
            out = io.BytesIO()
            Image.fromarray(picture(rng, w, h, channels, 8), mode).save(out, "TIFF", compression="jpeg", quality=80)
            yield f"jpeg{mode.lower()}-{i}", out.getvalue()


def cases(rng):
    for generator in (pixel_cases, other_cases, fax_cases, jpeg_cases, pillow_cases):
        for name, data in generator(rng):
            yield name + ".tif", data
    for name, data in jpeg_alpha_cases():
        yield name + ".tif", data
