"""Writes TIFF files byte by byte, in kinds that Pillow cannot write. Used by make_cases.py."""

import struct
import zlib

import numpy as np

NONE, LZW, DEFLATE, ADOBE_DEFLATE, PACKBITS = 1, 5, 32946, 8, 32773


def packbits(data):
    out = bytearray()
    i = 0
    while i < len(data):
        run = 1
        while i + run < len(data) and run < 128 and data[i + run] == data[i]:
            run += 1
        if run > 1:
            out += bytes([257 - run, data[i]])
            i += run
        else:
            start = i
            while i < len(data) and i - start < 128 and (i + 1 >= len(data) or data[i + 1] != data[i]):
                i += 1
            i = max(i, start + 1)
            out += bytes([i - start - 1]) + data[start:i]
        if len(out) % 37 == 0:
            out += b"\x80"  # no operation
    return bytes(out)


def lzw(data, old=False):
    bits, table, codes, out, acc, n = 9, {bytes([i]): i for i in range(256)}, 258, bytearray(), 0, 0

    def put(code):
        nonlocal acc, n
        if old:
            acc |= code << n
            n += bits
            while n >= 8:
                out.append(acc & 255)
                acc >>= 8
                n -= 8
        else:
            acc = acc << bits | code
            n += bits
            while n >= 8:
                out.append(acc >> (n - 8) & 255)
                n -= 8
            acc &= (1 << n) - 1

    put(256)
    string = b""
    early = 0 if old else 1
    for value in data:
        longer = string + bytes([value])
        if longer in table:
            string = longer
            continue
        put(table[string])
        table[longer] = codes
        codes += 1
        if codes + early > 1 << bits:
            bits += 1
        if codes >= 4094:
            put(256)
            bits, table, codes = 9, {bytes([i]): i for i in range(256)}, 258
        string = bytes([value])
    if string:
        put(table[string])
        codes += 1
        if codes + early > 1 << bits and bits < 12:
            bits += 1
    put(257)
    if n:
        out.append(acc & 255 if old else acc << (8 - n) & 255)
    return bytes(out)


def reverse_bits(data):
    return bytes(int(f"{b:08b}"[::-1], 2) for b in data)


def pack_rows(samples, bits, order):
    """Rows of bytes from samples [rows, columns]; fewer than 8 bits are packed, highest first."""
    if bits in (8, 16, 32, 64):
        kind = samples.dtype.kind
        return [row.astype(np.dtype(f"{order}{kind}{bits // 8}")).tobytes() for row in samples]
    rows = []
    for row in samples:
        text = "".join(f"{int(v):0{bits}b}" for v in row)
        text += "0" * (-len(text) % 8)
        rows.append(bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8)))
    return rows


def predict(row, bits, order, stride, predictor):
    if predictor == 2:
        values = np.frombuffer(row, f"{order}u{bits // 8}").copy()
        values[stride:] = values[stride:] - values[:-stride]
        return values.tobytes()
    size = bits // 8
    values = np.frombuffer(row, np.uint8).reshape(-1, size)
    planes = (values if order == ">" else values[:, ::-1]).T.reshape(-1).copy()
    planes[stride:] = planes[stride:] - planes[:-stride]
    return planes.tobytes()


def tiff(samples, bits, photometric, order="<", big=False, compression=NONE, predictor=1, tile=None, rows_per_strip=None, separate=False,
         fill_order=1, sample_format=None, extra=(), tags=(), old_lzw=False, omit=(), shuffle=False, subsampling=None):
    """One page. samples: [height, width, channels]; tags: further (tag, type, values)."""
    height, width, channels = samples.shape
    segments = []
    planes = [samples[:, :, c : c + 1] for c in range(channels)] if separate else [samples]
    tile_width, tile_height = tile or (width, rows_per_strip or height)
    for plane in planes:
        for y in range(0, height, tile_height):
            for x in range(0, width, tile_width):
                part = plane[y : y + tile_height, x : x + tile_width]
                if tile:
                    part = np.pad(part, ((0, tile_height - part.shape[0]), (0, tile_width - part.shape[1]), (0, 0)), mode="edge")
                if subsampling:
                    rows = subsampled_rows(part, *subsampling)
                else:
                    rows = pack_rows(part.reshape(part.shape[0], -1), bits, order)
                if predictor != 1:
                    rows = [predict(row, bits, order, part.shape[2], predictor) for row in rows]
                data = b"".join(rows)
                if compression == LZW:
                    data = lzw(data, old_lzw)
                elif compression in (DEFLATE, ADOBE_DEFLATE):
                    data = zlib.compress(data, 6)
                elif compression == PACKBITS:
                    data = packbits(data)
                segments.append(reverse_bits(data) if fill_order == 2 else data)
    entries = [
        (256, 4, [width]), (257, 4, [height]), (258, 3, [bits] * channels), (259, 3, [compression]), (262, 3, [photometric]),
        (277, 3, [channels]), (284, 3, [2 if separate else 1]),
    ]
    if fill_order != 1:
        entries.append((266, 3, [fill_order]))
    if predictor != 1:
        entries.append((317, 3, [predictor]))
    if extra:
        entries.append((338, 3, list(extra)))
    if sample_format:
        entries.append((339, 3, [sample_format] * channels))
    if subsampling:
        entries.append((530, 3, list(subsampling)))
    entries += [(t, k, list(v)) for t, k, v in tags]
    entries += [(322, 4, [tile_width]), (323, 4, [tile_height])] if tile else [(278, 4, [tile_height])]
    return assemble(entries, segments, order, big, bool(tile), omit, shuffle)


def subsampled_rows(part, across, down):
    height, width, _ = part.shape
    padded = np.pad(part, ((0, -height % down), (0, -width % across), (0, 0)), mode="edge")
    rows = []
    for y in range(0, padded.shape[0], down):
        row = bytearray()
        for x in range(0, padded.shape[1], across):
            block = padded[y : y + down, x : x + across]
            row += block[:, :, 0].astype(np.uint8).tobytes()
            row += bytes([int(block[:, :, 1].mean()), int(block[:, :, 2].mean())])
        rows.append(bytes(row))
    return rows


def assemble(entries, segments, order="<", big=False, tiled=False, omit=(), shuffle=False):
    """The file: header, segments, directory, long values."""
    out = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42))
    out += struct.pack(order + "HHQ", 8, 0, 0) if big else struct.pack(order + "I", 0)
    offsets = [0] * len(segments)
    for i in reversed(range(len(segments))) if shuffle else range(len(segments)):
        offsets[i] = len(out)
        out += segments[i]
    word = 16 if big else 4
    entries = entries + [(324 if tiled else 273, word, offsets), (325 if tiled else 279, word, [len(s) for s in segments])]
    entries = sorted((e for e in entries if e[0] not in omit), key=lambda e: e[0])
    if len(out) % 2:
        out.append(0)
    start = len(out)
    inline = 8 if big else 4
    directory = struct.pack(order + ("Q" if big else "H"), len(entries))
    data_at = start + len(directory) + len(entries) * (20 if big else 12) + inline
    data = bytearray()
    for tag, kind, values in entries:
        letter = {1: "B", 2: "B", 7: "B", 3: "H", 4: "I", 5: "II", 11: "f", 16: "Q"}[kind]
        raw = bytes(values) if kind in (1, 2, 7) else b"".join(
            struct.pack(order + letter, *(v if kind == 5 else (v,))) for v in values)
        directory += struct.pack(order + ("HHQ" if big else "HHI"), tag, kind, len(values))
        if len(raw) <= inline:
            directory += raw.ljust(inline, b"\0")
        else:
            directory += struct.pack(order + ("Q" if big else "I"), data_at + len(data))
            data += raw + b"\0" * (len(raw) % 2)
    directory += b"\0" * inline
    out[8 if big else 4 : 16 if big else 8] = struct.pack(order + ("Q" if big else "I"), start)
    return bytes(out + directory + data)
