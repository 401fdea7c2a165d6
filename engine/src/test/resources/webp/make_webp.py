"""Makes WebP files of every kind and what Pillow decodes them to, for WebpDecoderTest.

    python3 make_webp.py                 writes cases.txt.gz beside this script: about 200 small files
    python3 make_webp.py --all FOLDER    writes some thousands of files and FOLDER/expected.tsv, to compare with locally

Needs Pillow 12 and the shared library of libwebp (Debian: libwebp7), whose encoder is called for what Pillow has no option for.
An expectation is "WIDTH HEIGHT SHA256", of the pixels as the reference converts them (an RGB image as it is, all else as RGBA
composited over white), or "refused". Everything is seeded.
"""
import ctypes
import ctypes.util
import base64
import gzip
import hashlib
import io
import os
import random
import struct
import sys

import numpy as np
from PIL import Image

LIB = ctypes.CDLL(ctypes.util.find_library("webp"))
CONFIG = ("lossless:i quality:f method:i image_hint:i target_size:i target_PSNR:f segments:i sns_strength:i filter_strength:i "
          "filter_sharpness:i filter_type:i autofilter:i alpha_compression:i alpha_filtering:i alpha_quality:i pass_:i "
          "show_compressed:i preprocessing:i partitions:i partition_limit:i emulate_jpeg_size:i thread_level:i low_memory:i "
          "near_lossless:i exact:i use_delta_palette:i use_sharp_yuv:i qmin:i qmax:i")


class Config(ctypes.Structure):
    _fields_ = [(f.split(":")[0], ctypes.c_int if f[-1] == "i" else ctypes.c_float) for f in CONFIG.split()]


class Picture(ctypes.Structure):
    """The head of WebPPicture; the rest is room."""
    _fields_ = [("use_argb", ctypes.c_int), ("colorspace", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int),
                ("yuva", ctypes.c_void_p * 3), ("strides", ctypes.c_int * 2), ("a", ctypes.c_void_p), ("a_stride", ctypes.c_int),
                ("pad1", ctypes.c_uint32 * 2), ("argb", ctypes.c_void_p), ("argb_stride", ctypes.c_int),
                ("pad2", ctypes.c_uint32 * 3), ("writer", ctypes.c_void_p), ("custom_ptr", ctypes.c_void_p),
                ("rest", ctypes.c_uint8 * 512)]


class Writer(ctypes.Structure):
    _fields_ = [("mem", ctypes.c_void_p), ("size", ctypes.c_size_t), ("max_size", ctypes.c_size_t), ("pad", ctypes.c_uint32)]


def encode(array, **options):
    """A WebP by libwebp's own encoder; array [height, width, 3 or 4]."""
    config, picture, writer = Config(), Picture(), Writer()
    abi = 0x020f
    assert LIB.WebPConfigInitInternal(ctypes.byref(config), 0, ctypes.c_float(options.pop("quality", 75)), abi)
    for name, value in options.items():
        setattr(config, name, value)
    assert LIB.WebPPictureInitInternal(ctypes.byref(picture), abi)
    height, width, channels = array.shape
    picture.use_argb = config.lossless or config.use_sharp_yuv
    picture.width, picture.height = width, height
    raw = np.ascontiguousarray(array).tobytes()
    load = LIB.WebPPictureImportRGB if channels == 3 else LIB.WebPPictureImportRGBA
    assert load(ctypes.byref(picture), raw, width * channels)
    LIB.WebPMemoryWriterInit(ctypes.byref(writer))
    picture.writer = ctypes.cast(LIB.WebPMemoryWrite, ctypes.c_void_p)
    picture.custom_ptr = ctypes.addressof(writer)
    assert LIB.WebPEncode(ctypes.byref(config), ctypes.byref(picture)), (width, height, options)
    data = ctypes.string_at(writer.mem, writer.size)
    LIB.WebPMemoryWriterClear(ctypes.byref(writer))
    LIB.WebPPictureFree(ctypes.byref(picture))
    return data


def pil(array, **options):
    out = io.BytesIO()
    Image.fromarray(array).save(out, "WEBP", **options)
    return out.getvalue()


# Content

def photo(rng, width, height):
    y, x = np.mgrid[0:height, 0:width].astype(float)
    image = np.zeros((height, width, 3))
    for c in range(3):
        for _ in range(4):
            image[..., c] += 40 * np.sin(x * rng.uniform(-.3, .3) + y * rng.uniform(-.3, .3) + rng.uniform(0, 6))
    image += 128 + rng.normal(0, rng.choice([0, 3, 12]), image.shape)
    for _ in range(rng.integers(0, 5)):
        x0, y0 = rng.integers(0, width), rng.integers(0, height)
        image[y0:y0 + rng.integers(1, 40), x0:x0 + rng.integers(1, 40)] = rng.integers(0, 256, 3)
    return image.clip(0, 255).astype(np.uint8)


def noise(rng, width, height):
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def flat(rng, width, height):
    return np.full((height, width, 3), rng.integers(0, 256, 3), dtype=np.uint8)


def extremes(rng, width, height):
    return (rng.integers(0, 2, (height, width, 3)) * 255).astype(np.uint8)


def paletted(colors):
    def make(rng, width, height):
        palette = rng.integers(0, 256, (colors, 3), dtype=np.uint8)
        y, x = np.mgrid[0:height, 0:width]
        return palette[((x // rng.integers(1, 7) * 7 + y // rng.integers(1, 7) * 3) + rng.integers(0, 2, x.shape)) % colors]
    return make


def lines(rng, width, height):
    image = np.full((height, width, 3), 255, np.uint8)
    for _ in range(12):
        y, x = rng.integers(0, height), rng.integers(0, width)
        image[y, x:x + rng.integers(1, 60)] = rng.integers(0, 256, 3)
        image[y:y + rng.integers(1, 60), x] = rng.integers(0, 256, 3)
    return image


def gradient(rng, width, height):
    y, x = np.mgrid[0:height, 0:width]
    a, b = rng.integers(1, 6, 2)
    return np.stack([(x * a + y) % 256, (x + y * b) % 256, (x * b + y * a) % 256], -1).astype(np.uint8)


CONTENTS = {"photo": photo, "noise": noise, "flat": flat, "extremes": extremes, "two": paletted(2), "four": paletted(4),
            "sixteen": paletted(16), "many": paletted(200), "lines": lines, "gradient": gradient}


def with_alpha(rng, image, kind):
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    alpha = {"ramp": (x * 255 // max(1, width - 1)), "noise": rng.integers(0, 256, x.shape), "two": ((x // 5 + y // 3) % 2) * 255,
             "clear": x * 0, "few": ((x // 4 + y // 4) % 5) * 60, "disc": np.where((x - width / 2) ** 2 + (y - height / 2) ** 2
             < (min(width, height) / 2) ** 2, 255, 30)}[kind]
    return np.dstack([image, alpha.astype(np.uint8)])


ALPHAS = ["ramp", "noise", "two", "clear", "few", "disc"]
SIZES = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 5), (5, 3), (7, 16), (16, 16), (17, 15), (15, 33), (33, 1), (1, 40), (31, 31),
         (32, 64), (47, 49), (64, 48), (65, 63), (90, 37), (100, 100), (129, 18), (200, 3), (3, 211)]


# Containers

def chunk(kind, payload, size=None):
    return kind + struct.pack("<I", len(payload) if size is None else size) + payload + b"\0" * (len(payload) & 1)


def riff(*chunks):
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def u24(value):
    return struct.pack("<I", value)[:3]


def vp8x(flags, width, height):
    return chunk(b"VP8X", bytes([flags, 0, 0, 0]) + u24(width - 1) + u24(height - 1))


def chunks(data):
    """The chunks of a file, whole, by name."""
    found, at = {}, 12
    while at + 8 <= len(data):
        size = struct.unpack("<I", data[at + 4:at + 8])[0]
        end = at + 8 + size + (size & 1)
        found.setdefault(data[at:at + 4], data[at:end])
        at = end
    return found


def image_chunks(data):
    found = chunks(data)
    return found.get(b"ALPH", b"") + (found.get(b"VP8 ") or found[b"VP8L"])


def anmf(data, x, y, bits, size=None):
    with Image.open(io.BytesIO(data)) as image:
        width, height = size or image.size
    return chunk(b"ANMF", u24(x // 2) + u24(y // 2) + u24(width - 1) + u24(height - 1) + u24(100) + bytes([bits])
                 + image_chunks(data))


def anim(color=0xffffffff, loops=0):
    return chunk(b"ANIM", struct.pack("<IH", color, loops))


def exif(orientation, prefix=b""):
    return chunk(b"EXIF", prefix + struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x112, 3, 1, orientation, 0, 0))


def set_riff_size(data):
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


# Cases

def lossy(rng):
    for i in range(420):
        name, make = list(CONTENTS.items())[i % len(CONTENTS)]
        width, height = SIZES[rng.integers(len(SIZES))]
        quality = int(rng.choice([0, 1, 10, 30, 50, 75, 90, 97, 100]))
        yield f"lossy-{i}-{name}-q{quality}", pil(make(rng, width, height), quality=quality, method=i % 7)
    for i in range(400):
        name, make = list(CONTENTS.items())[i % len(CONTENTS)]
        width, height = SIZES[rng.integers(len(SIZES))]
        options = dict(quality=float(rng.integers(0, 101)), method=int(rng.integers(0, 7)), segments=int(rng.integers(1, 5)),
                       sns_strength=int(rng.integers(0, 101)), filter_strength=int(rng.choice([0, 5, 20, 40, 60, 100])),
                       filter_sharpness=i % 8, filter_type=i % 2, partitions=i // 2 % 4, autofilter=int(rng.integers(0, 2)),
                       pass_=int(rng.integers(1, 4)), preprocessing=int(rng.choice([0, 1, 2])),
                       use_sharp_yuv=int(rng.integers(0, 5) == 0), emulate_jpeg_size=int(rng.integers(0, 2)))
        yield f"lossy-options-{i}-{name}", encode(make(rng, width, height), **options)


def lossy_alpha(rng):
    for i in range(330):
        name, make = list(CONTENTS.items())[i % len(CONTENTS)]
        width, height = SIZES[rng.integers(len(SIZES))]
        array = with_alpha(rng, make(rng, width, height), ALPHAS[i % len(ALPHAS)])
        options = dict(quality=float(rng.integers(0, 101)), method=int(rng.integers(0, 7)), alpha_compression=int(i % 5 > 0),
                       alpha_filtering=int(rng.integers(0, 3)), alpha_quality=int(rng.choice([0, 20, 60, 90, 100, 100])),
                       exact=int(rng.integers(0, 2)))
        yield f"alpha-{i}-{name}", encode(array, **options)
    # The encoder chooses among filters; raw alpha with each of them, and both marks of preprocessing.
    for i in range(16):
        array = with_alpha(rng, photo(rng, 19, 13), ALPHAS[i % len(ALPHAS)])
        found = chunks(encode(array))
        alpha = chunk(b"ALPH", bytes([i % 4 << 2 | i // 4 % 4 << 4]) + array[..., 3].tobytes())
        yield f"alpha-raw-{i}", riff(vp8x(0x10, 19, 13), alpha, found[b"VP8 "])


def lossless(rng):
    for i in range(330):
        name, make = list(CONTENTS.items())[i % len(CONTENTS)]
        width, height = SIZES[rng.integers(len(SIZES))]
        array = make(rng, width, height)
        if i % 3 == 0:
            array = with_alpha(rng, array, ALPHAS[i % len(ALPHAS)])
        options = dict(lossless=1, quality=float(rng.integers(0, 101)), method=i % 7, exact=int(rng.integers(0, 2)),
                       near_lossless=int(rng.choice([100, 100, 0, 20, 40, 60, 80])), image_hint=int(rng.integers(0, 4)))
        yield f"lossless-{i}-{name}", encode(array, **options)
    for i in range(24):
        array = np.concatenate([make(rng, 160, 20) for make in CONTENTS.values()], 0)  # regions with codes of their own
        yield f"lossless-regions-{i}", encode(array, lossless=1, quality=float(i * 4), method=i % 7)


def containers(rng):
    opaque = pil(photo(rng, 24, 18), quality=60)
    alpha = pil(with_alpha(rng, photo(rng, 24, 18), "ramp"), quality=60)
    exact = pil(with_alpha(rng, photo(rng, 24, 18), "few"), lossless=True)
    plain = pil(photo(rng, 24, 18), lossless=True)
    for name, data in dict(opaque=opaque, alpha=alpha, exact=exact, plain=plain).items():
        for flags in (0, 0x10, 0x02, 0x12, 0x01, 0x40, 0x3e):
            yield f"vp8x-{name}-{flags}", riff(vp8x(flags, 24, 18), image_chunks(data))
            yield f"animation-{name}-{flags}", riff(vp8x(flags, 40, 30), anim(0xff102030), anmf(data, 6, 4, 0), anmf(opaque, 0, 0, 1))
        for bits in range(4):
            yield f"animation-bits-{name}-{bits}", riff(vp8x(0x12, 40, 30), anim(), anmf(data, 16, 12, bits), anmf(exact, 0, 0, bits))
        yield f"animation-outside-{name}", riff(vp8x(0x12, 40, 30), anim(), anmf(data, 18, 0, 0))
        yield f"animation-second-outside-{name}", riff(vp8x(0x12, 40, 30), anim(), anmf(data, 0, 0, 0), anmf(data, 0, 14, 0))
        yield f"animation-other-size-{name}", riff(vp8x(0x12, 40, 30), anim(), anmf(data, 2, 2, 0, (10, 10)))
        yield f"animation-without-anim-{name}", riff(vp8x(0x12, 40, 30), anmf(data, 0, 0, 0))
        yield f"animation-late-anim-{name}", riff(vp8x(0x12, 40, 30), anmf(data, 0, 0, 0), anim())
        yield f"animation-unknown-{name}", riff(vp8x(0x12, 40, 30), chunk(b"xxxx", b"abc"), anim(), chunk(b"yyyy", b""), anmf(data, 0, 0, 0))
        yield f"canvas-{name}", riff(vp8x(0x10, 25, 18), image_chunks(data))
        yield f"twice-{name}", riff(vp8x(0x10, 24, 18), image_chunks(data), image_chunks(data))
        yield f"simple-twice-{name}", riff(image_chunks(data), image_chunks(data))
        yield f"unknown-before-{name}", riff(vp8x(0x10, 24, 18), chunk(b"abcd", b"123"), image_chunks(data))
        yield f"unknown-after-{name}", riff(vp8x(0x10, 24, 18), image_chunks(data), chunk(b"abcd", b"123"))
        yield f"simple-unknown-after-{name}", riff(image_chunks(data), chunk(b"abcd", b"123"))
        yield f"simple-rubbish-in-{name}", riff(image_chunks(data), b"1234")
        yield f"rubbish-after-{name}", data + b"rubbish"
        yield f"riff-short-{name}", data[:4] + struct.pack("<I", len(data) - 9) + data[8:]
        yield f"riff-long-{name}", data[:4] + struct.pack("<I", len(data) - 7) + data[8:]
        yield f"exif-{name}", riff(vp8x(0x18, 24, 18), image_chunks(data), exif(6))
        yield f"two-vp8x-{name}", riff(vp8x(0x10, 24, 18), vp8x(0x10, 24, 18), image_chunks(data))
        yield f"vp8x-larger-{name}", riff(chunk(b"VP8X", vp8x(0x10, 24, 18)[8:] + b"abc"), image_chunks(data))
        yield f"vp8x-smaller-{name}", riff(chunk(b"VP8X", vp8x(0x10, 24, 18)[8:16]), image_chunks(data))
        yield f"vp8x-late-{name}", riff(image_chunks(data), vp8x(0x10, 24, 18))
        yield f"no-image-{name}", riff(vp8x(0x10, 24, 18), exif(1))
        yield f"huge-canvas-{name}", riff(vp8x(0x12, 1 << 24, 1 << 24), anim(), anmf(data, 0, 0, 0))
    found = chunks(alpha)
    yield "alpha-after", riff(vp8x(0x10, 24, 18), found[b"VP8 "], found[b"ALPH"])
    yield "alpha-after-without-flag", riff(vp8x(0, 24, 18), found[b"VP8 "], found[b"ALPH"])
    yield "alpha-twice", riff(vp8x(0x10, 24, 18), found[b"ALPH"], found[b"ALPH"], found[b"VP8 "])
    yield "alpha-then-unknown", riff(vp8x(0x10, 24, 18), found[b"ALPH"], chunk(b"abcd", b""), found[b"VP8 "])
    yield "alpha-and-lossless", riff(vp8x(0x10, 24, 18), found[b"ALPH"], chunks(plain)[b"VP8L"])
    yield "alpha-only", riff(vp8x(0x10, 24, 18), found[b"ALPH"])
    yield "alpha-in-simple", riff(found[b"ALPH"], found[b"VP8 "])
    yield "alpha-after-in-simple", riff(found[b"VP8 "], found[b"ALPH"])
    for i in range(60):
        frames = [Image.fromarray(with_alpha(rng, CONTENTS[n](rng, 40 + i, 30), ALPHAS[i % 6]))
                  for n in rng.choice(list(CONTENTS), 3)]
        out = io.BytesIO()
        frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=50, background=(10, 200, 30, int(i * 4)),
                       lossless=i % 2 == 0, quality=50, minimize_size=i % 3 == 0, allow_mixed=i % 5 == 0, kmax=i % 4)
        yield f"animation-saved-{i}", out.getvalue()


def damaged(rng, good):
    """Bits changed, and ends cut off with sizes made right, of files that are whole."""
    names = [name for name in good if len(good[name]) > 60]
    for i in range(1200):
        name = names[rng.integers(len(names))]
        data = bytearray(good[name])
        if i % 3 < 2:
            for _ in range(rng.integers(1, 3)):
                at = rng.integers(12 if i % 2 else 30, len(data))
                data[at] ^= 1 << rng.integers(0, 8)
            yield f"flip-{i}-{name}", bytes(data)
            continue
        last, at = 12, 12
        while at + 8 <= len(data):
            last = at
            at += 8 + struct.unpack("<I", data[at + 4:at + 8])[0] + 1 & ~1
        size = len(data) - last - 8
        keep = max(0, size - int(rng.choice([1, 2, 3, 4, 6, 9, size // 2, size - 12])))
        cut = bytes(data[:last + 4]) + struct.pack("<I", keep) + bytes(data[last + 8:last + 8 + keep]) + b"\0" * (keep & 1)
        yield f"cut-{i}-{name}", set_riff_size(cut)


# Damaged files, found by search, that reach what no encoder writes.
RARE = {
    # A subblock macroblock without coefficients leaves the context of the second-order block as it was.
    "rare-skipped-subblocks":
        "UklGRgQBAABXRUJQVlA4IPgAAAAwBgCdASoPACEAPwlyrVArpyQitVgIAXAhCWwABTKDHpkt+ij/0TA0OSm8AOP2n88m+/Dk5l7UbcCsAP7zdO"
        "8N6iEFI4J1eQW+y+YZzG0YekAwPd3RIKQo3k/8ejsG5fMrkWB6lyzcXbj7yV+relhfutP/EmCeskg6SCsGR3W2nnYaSuugm7AUZXZ5misc68k4"
        "ut2RBFAzzaDq+leX8PVeqj9gNnCF4znzEmGtb1TtOD9+gfsPZUu8BwptZfM3s4riskcHbixRwbZ9zIYq5W88P+18PsiQaYZPG4gXOvrYdb/vfG"
        "ALi79lKPslMvNX4fc1wwfmb3AAAA==",
    # Filter levels that depend on the prediction mode.
    "rare-filter-deltas":
        "UklGRvIBAABXRUJQVlA4IOYBAAC0CACdASofAB8AEMdgJbAC/WFl+36AMKZ0wDeJP9paAjQPoIwEE43A+qagFHu/s3gDeEc/1mY+pPYC6QHo3B"
        "C+6XbQP/UqF4/6JrzvdYAA/VqNrnDnSrF/WITNx+YyN7AbtcdpfJSCle8IiSGOE1YeSddr9Bi7YZaV7FVXxtN4YsHZycTsifS2Z0ISyweC9nMt"
        "1X1FDL3cqkZCph4RNz91LzyXVa29asJsc9INkmCj4pPhUFTLc9XSXS5C06e4UMp1o1If2mY4gfRG3b9gxsKVTe9sjJSN176EMYWKjATUub/4FK"
        "mTGBKMocy6UCjRjTmhR5vDvCYvsQdvEQb9T7pJpnn6h1/6U699Kd6cRlUDU2Uq0sda0H0DPFmCfmgV5OqOHC8EjzdjiGfxXX1b7/b7jvg08FVs"
        "J9BEdHj0t4eO4DAq6nRYNrwfYCne5M+r+4i9WyGZBc15NmPbEF3sqZcH3YJEqmQu0y+kQbK0ztjkjd1clY7Vx2QaNWIymOiGvkuPSxYBGVOuqD"
        "kUsqgqvL6A+EsNRPfEvw0y3Kxv5uthW0HXQrgYTs1hL8ukzh+qVDRSTKZw920XiDvp1NrkoJ18zd+R/OlVsEWpXIGR7qDOqihwb3fMsS45A3VG"
        "6Zp8KxFl5MBNAAA=",
}


def expectation(data):
    try:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
            image.load()
            if image.mode != "RGB":
                rgba = image.convert("RGBA")
                image = Image.alpha_composite(Image.new("RGBA", rgba.size, (255, 255, 255)), rgba).convert("RGB")
            return "%d %d %s" % (*image.size, hashlib.sha256(image.tobytes()).hexdigest())
    except Image.DecompressionBombError:
        return "refused"
    except Exception:
        return "refused"


def cases():
    rng = np.random.default_rng(17)
    good = {}
    for kind in (lossy, lossy_alpha, lossless):
        good.update(kind(rng))
    yield from good.items()
    structure = dict(containers(rng))
    yield from structure.items()
    good.update({name: data for name, data in structure.items() if name.startswith(("animation-bits", "animation-saved"))})
    yield from damaged(rng, good)
    yield from ((name, base64.b64decode(text)) for name, text in RARE.items())


def small(all_cases):
    """Some of each kind, small ones, and not all of them accepted."""
    kinds = {}
    for name, (data, expected) in all_cases.items():
        if 90 <= len(data) <= 1800 or len(data) < 90 and len(name) % 5 == 0:  # few of the tiniest
            key = name.split("-")[0] + ("" if expected != "refused" else "!")
            kinds.setdefault(key, []).append(name)
    picked = []
    for key, names in sorted(kinds.items()):
        count = {"lossy": 36, "alpha": 26, "lossless": 36, "animation": 14, "flip": 16, "cut": 5, "flip!": 8, "cut!": 6}.get(key, 2)
        picked += random.Random(key).sample(names, min(count, len(names)))
    return picked + ["lossless-20-photo"] * ("lossless-20-photo" not in picked)  # predictor 13 with odd negative halves


def main():
    Image.MAX_IMAGE_PIXELS = 178_956_970 // 2
    made = {name: (data, expectation(data)) for name, data in cases()}
    if len(sys.argv) == 3 and sys.argv[1] == "--all":
        os.makedirs(sys.argv[2], exist_ok=True)
        with open(os.path.join(sys.argv[2], "expected.tsv"), "w") as out:
            for name, (data, expected) in made.items():
                with open(os.path.join(sys.argv[2], name + ".webp"), "wb") as file:
                    file.write(data)
                out.write(name + "\t" + expected + "\n")
        print(len(made), "files,", sum(e == "refused" for _, e in made.values()), "refused")
        return
    lines = [f"{name}\t{made[name][1]}\t{base64.b64encode(made[name][0]).decode()}\n" for name in small(made)]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.txt.gz")
    with open(path, "wb") as out:
        out.write(gzip.compress("".join(lines).encode(), mtime=0))
    print(len(lines), "cases,", os.path.getsize(path), "bytes")


if __name__ == "__main__":
    main()
