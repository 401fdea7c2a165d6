"""PNM, ICO, TGA, PCX, QOI, BMP, PNG and GIF cases for make_cases.py."""

import io
import itertools
import struct
import zlib

import numpy as np
from PIL import Image

from make_tiff import picture


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def image(rng, mode, width=None, height=None):
    width, height = width or int(rng.integers(1, 40)), height or int(rng.integers(1, 40))
    channels = {"1": 1, "L": 1, "P": 1, "LA": 2, "RGB": 3, "RGBA": 4, "I;16": 1}[mode]
    data = picture(rng, width, height, channels, 8)
    if mode == "1":
        return Image.fromarray(data[:, :, 0]).convert("1")
    if mode == "P":
        return Image.fromarray(data[:, :, 0]).convert("RGB").quantize(int(rng.integers(2, 257)))
    return Image.fromarray(data[:, :, 0] if channels == 1 else data, mode)


def pnm(rng):
    for i in range(4):
        for mode in ("1", "L", "RGB"):
            yield f"pillow-{mode}-{i}.pnm", saved(image(rng, mode), "PPM")
    for maxval in (1, 3, 15, 100, 254, 255, 256, 1000, 65534, 65535):
        for kind, channels in ((2, 1), (3, 3), (5, 1), (6, 3)):
            width, height = 9, 5
            values = rng.integers(0, maxval + 1, width * height * channels)
            if maxval > 255:
                values[::3] //= 257
            head = f"P{kind} # a comment\n{width}\n# another\n {height} {maxval}\n".encode()
            if kind < 4:
                body = b" ".join(str(v).encode() for v in values) + (b"\n" if maxval % 2 else b"")
                if maxval == 15:
                    body = body.replace(b" ", b"\n# comment\n", 3)
            else:
                body = values.astype(">u2" if maxval > 255 else "u1").tobytes()
            yield f"max-{maxval}-P{kind}.pnm", head + body
    yield "bits-P1.pnm", b"P1\n3 2\n1 0 1\n#x\n010"
    yield "bits-P4.pnm", b"P4\n11 2\n\xaa\xff\x12\x34"
    for scale in ("1.0", "-1.0", "-0.5"):
        values = (rng.random(12) * 400 - 50).astype("<f4" if scale[0] == "-" else ">f4")
        yield f"float-{scale}.pfm", f"Pf\n4 3\n{scale}\n".encode() + values.tobytes()
    yield "values-cut.pnm", b"P6\n3 3\n255\n" + bytes(26)
    yield "values-cut-plain.pnm", b"P2\n3 3\n255\n1 2 3 4 5 6 7 8"
    yield "value-too-large.pnm", b"P2\n2 1\n9\n1 10"
    yield "max-zero.pnm", b"P2\n2 1\n0\n1 0"
    yield "pam.pam", b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n\x07"


def tga_file(kind, depth, width, height, pixels, flags=0, palette=b"", map_depth=0, first=0, note=b"", footer=b""):
    entries = len(palette) // max(1, map_depth // 8)
    return struct.pack("<BBBHHBHHHHBB", len(note), 1 if palette else 0, kind, first, entries, map_depth, 0, 0, width, height, depth, flags) \
        + note + palette + pixels + footer


def tga_runs(pixels, size, width):
    out, items = bytearray(), [pixels[i : i + size] for i in range(0, len(pixels), size)]
    for start in range(0, len(items), width):
        row, i = items[start : start + width], 0
        while i < len(row):
            run = 1
            while i + run < len(row) and run < 128 and row[i + run] == row[i]:
                run += 1
            if run > 1:
                out += bytes([127 + run]) + row[i]
                i += run
            else:
                out += bytes([0]) + row[i]
                i += 1
    return bytes(out)


def tga(rng):
    for mode, compression, orientation in itertools.product(("1", "L", "P", "LA", "RGB", "RGBA"), (None, "tga_rle"), (-1, 1)):
        if mode == "1" and compression:
            continue
        yield f"pillow-{mode}-{compression}-{orientation}.tga", saved(image(rng, mode), "TGA", compression=compression, orientation=orientation)
    width, height = 13, 7
    for depth, flags, runs in itertools.product((8, 16, 24, 32), (0, 0x10, 0x20, 0x30), (False, True)):
        kind = 3 if depth == 8 else 2
        pixels = np.repeat(rng.integers(0, 256, width * height * depth // 8), 1).astype(np.uint8)
        pixels[20:60] = 7
        body = tga_runs(pixels.tobytes(), depth // 8, width) if runs else pixels.tobytes()
        yield f"kind{kind}-{depth}-{flags:x}-{'runs' if runs else 'raw'}.tga", tga_file(kind + 8 * runs, depth, width, height, body, flags)
    for map_depth, first in itertools.product((16, 24, 32), (0, 3)):
        palette = rng.integers(0, 256, 10 * map_depth // 8).astype(np.uint8).tobytes()
        indices = rng.integers(first, first + 10, width * height).astype(np.uint8).tobytes()
        yield f"palette-{map_depth}-{first}.tga", tga_file(1, 8, width, height, indices, 0x20, palette, map_depth, first, b"a note")
    body = rng.integers(0, 256, width * height * 4).astype(np.uint8).tobytes()
    for attributes in (0, 3):
        extension = bytes(494) + bytes([attributes])
        at = 18 + len(body)
        yield (f"attributes-{attributes}.tga",
               tga_file(2, 32, width, height, body, 0x28, footer=extension + struct.pack("<II", at, 0) + b"TRUEVISION-XFILE.\0"))
    yield "cut.tga", tga_file(2, 24, width, height, body[: width * height * 3 - 1])
    yield "runs-cut.tga", tga_file(10, 24, width, height, tga_runs(bytes(width * height * 3), 3, width)[:-1])


def pcx_runs(line):
    out, i = bytearray(), 0
    while i < len(line):
        run = 1
        while i + run < len(line) and run < 63 and line[i + run] == line[i]:
            run += 1
        if run > 1 or line[i] >= 0xC0:
            out += bytes([0xC0 | run])
        out.append(line[i])
        i += run
    return bytes(out)


def pcx(rng):
    for i, mode in itertools.product(range(6), ("1", "L", "P", "RGB")):
        yield f"pillow-{mode}-{i}.pcx", saved(image(rng, mode), "PCX")
    for planes, (width, height), odd in itertools.product((2, 4), ((13, 5), (16, 3), (8, 4)), (False, True)):
        stride = (width + 7) // 8
        stride += 0 if odd else stride % 2
        palette = rng.integers(0, 256, 48).astype(np.uint8).tobytes()
        head = struct.pack("<BBBBHHHHHH", 10, 3, 1, 1, 0, 0, width - 1, height - 1, 72, 72) + palette
        head += struct.pack("<BBHH", 0, planes, stride, 1)
        body = b"".join(pcx_runs(rng.integers(0, 256, stride * planes).astype(np.uint8).tobytes()) for _ in range(height))
        yield f"planes-{planes}-{width}-{odd}.pcx", head.ljust(128, b"\0") + body
    whole = saved(image(rng, "RGB", 20, 10), "PCX")
    yield "cut.pcx", whole[:-9]


def qoi(rng):
    for i, mode in itertools.product(range(8), ("RGB", "RGBA")):
        yield f"pillow-{mode}-{i}.qoi", saved(image(rng, mode), "QOI")
    for i, channels in itertools.product(range(8), (3, 4)):
        codes = bytearray()
        for _ in range(400):
            kind = int(rng.integers(0, 6))
            if kind == 0:
                codes += b"\xfe" + bytes(rng.integers(0, 256, 3).tolist())
            elif kind == 1:
                codes += b"\xff" + bytes(rng.integers(0, 256, 4).tolist())
            elif kind == 2:
                codes += bytes([int(rng.integers(0, 64))])
            elif kind == 3:
                codes += bytes([64 | int(rng.integers(0, 64))])
            elif kind == 4:
                codes += bytes([128 | int(rng.integers(0, 64)), int(rng.integers(0, 256))])
            else:
                codes += bytes([192 | int(rng.integers(0, 62))])
        yield f"codes-{channels}-{i}.qoi", b"qoif" + struct.pack(">IIBB", 23, 17, channels, 0) + bytes(codes) + b"\0\0\0\0\0\0\0\1"
    yield "cut.qoi", b"qoif" + struct.pack(">IIBB", 23, 17, 3, 0) + b"\xfe\1\2"


def dib(rng, width, height, bits, palette_colors=0, doubled=False, top_down=False, compression=0, masks=b"", header=40, body=None):
    """A bitmap header, palette and rows."""
    stride = (width * bits + 31) // 32 * 4
    tall = height * (2 if doubled else 1)
    head = struct.pack("<IiiHHIIIIII", header, width, -tall if top_down else tall, 1, bits, compression, 0, 0, 0, palette_colors, 0)
    colors = palette_colors or (1 << bits if bits <= 8 else 0)
    palette = b"".join(bytes(rng.integers(0, 256, 3).tolist()) + b"\0" for _ in range(colors))
    if body is None:
        rows = rng.integers(0, 256, (height, stride)).astype(np.uint8)
        if palette_colors and bits == 8:
            rows %= palette_colors
        body = rows.tobytes()
    if header > 40:
        return head + masks.ljust(header - 40, b"\0") + palette + body
    return head + masks + palette + body


def bmp_file(bitmap, offset):
    return b"BM" + struct.pack("<IHHI", 14 + len(bitmap), 0, 0, offset) + bitmap


def run_codes(rng, width, height, four, tidy):
    out = bytearray()
    for _ in range(height):
        x = 0
        while x < width:
            kind = int(rng.integers(0, 3))
            n = int(min(rng.integers(1, 20), width - x))
            if kind == 1 and n >= 3:
                n -= n % 2 if four else 0
                size = n // 2 if four else n
                out += bytes([0, n]) + bytes(rng.integers(0, 256, size).tolist()) + b"\0" * (size % 2) if n >= 3 else b""
                x += n if n >= 3 else 0
            elif kind == 2 and not tidy and x + n < width:
                out += bytes([0, 2, n, 0])
                x += n
            else:
                out += bytes([n, int(rng.integers(0, 256))])
                x += n
        out += b"\0\0"
    return bytes(out + b"\0\1")


def bmp(rng):
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        for i in range(3):
            whole = saved(image(rng, mode), "BMP")
            yield f"pillow-{mode}-{i}.bmp", whole
            yield f"pillow-{mode}-{i}.dib", saved(image(rng, mode), "DIB")
            yield f"offset-0-{mode}-{i}.bmp", whole[:10] + bytes(4) + whole[14:]
            yield f"offset-54-{mode}-{i}.bmp", whole[:10] + struct.pack("<I", 54) + whole[14:]
    for bits, top_down in itertools.product((1, 4, 8, 16, 24, 32), (False, True)):
        bitmap = dib(rng, 21, 9, bits, top_down=top_down)
        yield f"bits-{bits}-{top_down}.bmp", bmp_file(bitmap, 54 + (4 << bits if bits <= 8 else 0))
        yield f"bits-{bits}-{top_down}-offset-0.bmp", bmp_file(bitmap, 0)
        yield f"bits-{bits}-{top_down}.dib", bitmap
    for colors in (3, 16, 100, 200):
        yield f"colors-{colors}.bmp", bmp_file(dib(rng, 21, 9, 8, colors), 54 + 4 * colors)
    for bits, header, masks in ((16, 40, (0xF800, 0x7E0, 0x1F)), (16, 56, (0x7C00, 0x3E0, 0x1F)), (32, 108, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
                                (32, 124, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)), (32, 40, (0xFF0000, 0xFF00, 0xFF)), (32, 52, (0xFF000000, 0xFF0000, 0xFF00)),
                                (32, 56, (0xFF000000, 0xFF0000, 0xFF00, 0xFF)), (32, 108, (0, 0, 0, 0)), (24, 108, (0xFF0000, 0xFF00, 0xFF))):
        packed = struct.pack(f"<{len(masks)}I", *masks)
        bitmap = dib(rng, 11, 6, bits, compression=3, masks=packed, header=header)
        yield f"masks-{bits}-{header}-{masks[0]:x}.bmp", bmp_file(bitmap, 14 + header + (12 if header == 40 else 0))
    for four, tidy, top_down, i in itertools.product((False, True), (False, True), (False, True), range(4)):
        width, height = int(rng.integers(1, 60)), int(rng.integers(1, 20))
        bitmap = dib(rng, width, height, 4 if four else 8, top_down=top_down, compression=2 if four else 1,
                     body=run_codes(rng, width, height, four, tidy))
        yield f"runs-{four}-{tidy}-{top_down}-{i}.bmp", bmp_file(bitmap, 54 + (64 if four else 1024))
    yield "runs-end-early.bmp", bmp_file(dib(rng, 9, 9, 8, compression=1, body=b"\5\1\0\1"), 54 + 1024)
    yield "runs-cut.bmp", bmp_file(dib(rng, 9, 9, 8, compression=1, body=b"\5\1"), 54 + 1024)
    yield "rows-cut.bmp", bmp_file(dib(rng, 9, 9, 8)[:-5], 54 + 1024)


def ico_file(entries):
    """entries: (width, height, colours, bits, data)."""
    out, offset = struct.pack("<HHH", 0, 1, len(entries)), 6 + 16 * len(entries)
    for width, height, colors, bits, data in entries:
        out += struct.pack("<BBBBHHII", width % 256, height % 256, colors, 0, 1, bits, len(data), offset)
        offset += len(data)
    return out + b"".join(entry[-1] for entry in entries)


def ico(rng):
    for i, mode in itertools.product(range(4), ("RGBA", "RGB", "P", "L")):
        yield f"pillow-{mode}-{i}.ico", saved(image(rng, mode, 40, 40), "ICO", sizes=[(16, 16), (32, 32)], bitmap_format="bmp" if i % 2 else "png")
    for bits, width in itertools.product((1, 4, 8, 16, 24, 32), (16, 17, 40)):
        height = width
        mask = rng.integers(0, 256, ((width + 31) // 32 * 4, height)).astype(np.uint8).tobytes()
        data = dib(rng, width, height, bits, doubled=True) + mask
        yield f"bits-{bits}-{width}.ico", ico_file([(width, height, 0, bits, data)])
        yield f"bits-{bits}-{width}-unnamed.ico", ico_file([(width, height, 1 << bits if bits < 8 else 0, 0, data)])
    one = dib(rng, 16, 16, 8, doubled=True) + bytes(64)
    two = dib(rng, 16, 16, 4, doubled=True) + bytes(64)
    png = saved(image(rng, "RGBA", 24, 24), "PNG")
    yield "fewest-colours.ico", ico_file([(16, 16, 0, 8, one), (16, 16, 16, 4, two)])
    yield "png-in-it.ico", ico_file([(16, 16, 0, 8, one), (24, 24, 0, 32, png)])
    yield "png-of-another-size.ico", ico_file([(16, 16, 0, 8, one), (48, 48, 0, 32, png)])
    yield "no-mask.ico", ico_file([(16, 16, 0, 24, dib(rng, 16, 16, 24, doubled=True))])
    yield "cut.ico", ico_file([(16, 16, 0, 8, one)])[:-65]
    yield "empty.ico", ico_file([])


def chunk(kind, data, checksum=None):
    crc = zlib.crc32(kind + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_file(rng, width, height, depth, color, interlace=0, before=b"", after=b""):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    passes = [(0, 0, 1, 1)] if not interlace else [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = bytearray()
    for x, y, dx, dy in passes:
        columns = -(-(width - x) // dx)
        for _ in range(y, height, dy) if columns > 0 else ():
            raw += bytes([int(rng.integers(0, 5))]) + bytes(rng.integers(0, 256, (columns * depth * channels + 7) // 8).tolist())
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))
    palette = chunk(b"PLTE", rng.integers(0, 256, 3 << depth).astype(np.uint8).tobytes()) if color == 3 else b""
    return SIGNATURE + head + palette + before + chunk(b"IDAT", zlib.compress(bytes(raw))) + after + chunk(b"IEND", b"")


def png(rng):
    for (color, depths), interlace in itertools.product(((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))), (0, 1)):
        for depth in depths:
            for i in range(2):
                width, height = int(rng.integers(1, 40)), int(rng.integers(1, 30))
                yield f"kind{color}-{depth}-{interlace}-{i}.png", png_file(rng, width, height, depth, color, interlace)
            key = {0: struct.pack(">H", int(rng.integers(0, 1 << depth))), 2: bytes(6), 3: bytes(rng.integers(0, 256, 1 << depth).tolist())}.get(color)
            if key:
                for place in ("before", "after"):
                    yield (f"key{color}-{depth}-{interlace}-{place}.png", png_file(rng, 23, 9, depth, color, interlace, **{place: chunk(b"tRNS", key)}))
    yield "simple-alpha.png", png_file(rng, 23, 9, 2, 3, before=chunk(b"tRNS", b"\xff\xff\0"))
    whole = png_file(rng, 23, 9, 8, 2)
    yield "checksum-of-data.png", whole[:-17] + b"x" + whole[-16:]
    yield "without-end.png", whole[:-12]
    yield "cut-in-checksum.png", whole[:-13]
    yield "cut-in-data.png", whole[:-18]
    yield "adler.png", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\7")[:-1] + b"x") + chunk(b"IEND", b"")
    yield "junk-after-data.png", png_file(rng, 23, 9, 8, 2, after=b"\0\0\0\0junk")
    exif = b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"
    profile = b"\nexif\n      " + str(len(exif) + 6).encode() + b"\n" + (b"Exif\0\0" + exif).hex().encode() + b"\n"
    xmp = b'<x:xmpmeta><rdf tiff:Orientation="8"/></x:xmpmeta>'
    itxt = b"XML:com.adobe.xmp\0\0\0\0\0" + xmp
    ztxt = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp)
    key = b"Raw profile type exif\0"
    metadata = {"exif": chunk(b"eXIf", exif), "profile": chunk(b"tEXt", key + profile), "profile-z": chunk(b"zTXt", key + b"\0" + zlib.compress(profile)),
                "xmp": chunk(b"iTXt", itxt), "xmp-z": chunk(b"iTXt", ztxt), "xmp-text": chunk(b"tEXt", b"XML:com.adobe.xmp\0" + xmp),
                "exif-and-xmp": chunk(b"eXIf", exif) + chunk(b"iTXt", itxt),
                "empty-exif-and-xmp": chunk(b"eXIf", exif.replace(b"\x12\1", b"\x13\1")) + chunk(b"iTXt", itxt),
                "two-values": chunk(b"eXIf", exif.replace(b"\3\0\1\0", b"\3\0\2\0")), "rational": chunk(b"eXIf", exif.replace(b"\3\0\1\0\0\0\6\0", b"\5\0\1\0\0\0\x1a\0") + struct.pack("<II", 12, 2)),
                "two-entries": chunk(b"eXIf", exif[:8] + b"\2\0" + exif[10:22] + exif[10:18] + b"\3\0\0\0" + bytes(4))}
    for (name, chunks), place in itertools.product(metadata.items(), ("before", "after")):
        yield f"orientation-{name}-{place}.png", png_file(rng, 12, 7, 8, 2, **{place: chunks})
    frames = [image(rng, "RGBA", 20, 10) for _ in range(3)]
    yield "animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    yield "animated-default.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=True)
    for i in range(4):
        for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
            source = Image.fromarray(picture(rng, 30, 20, 1, 16)[:, :, 0]) if mode == "I;16" else image(rng, mode)
            yield f"pillow-{mode.replace(';', '')}-{i}.png", saved(source, "PNG")


def gif(rng):
    for i in range(6):
        for mode in ("1", "L", "P"):
            for interlace in (0, 1):
                yield f"pillow-{mode}-{i}-{interlace}.gif", saved(image(rng, mode), "GIF", interlace=interlace)
    whole = saved(image(rng, "P", 30, 20), "GIF", interlace=0)
    yield "without-trailer.gif", whole[:-1]
    yield "without-terminator.gif", whole[:-2]
    yield "cut.gif", whole[:-12]
    yield "transparent.gif", saved(image(rng, "P", 30, 20), "GIF", transparency=1)
    frames = [image(rng, "P", 30, 20) for _ in range(3)]
    yield "animated.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def cases(rng):
    for generator in (pnm, tga, pcx, qoi, bmp, ico, png, gif):
        yield from generator(rng)
