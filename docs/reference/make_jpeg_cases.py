"""Makes JPEGs of all kinds and what Pillow decodes them to.

    python make_jpeg_cases.py OUT            every case, as files, with OUT/verdicts.tsv
    python make_jpeg_cases.py --pack FILE    the small ones in one file, for the tests

Needs Pillow 12 and, for what Pillow cannot write, cjpeg and jpegtran of libjpeg-turbo. Seeded: the same versions make the same
files. A line of verdicts.tsv is: name, width, height, SHA-256 of the RGB bytes; or name and "refused". CMYK is laid over white
as convert_to_rgb of the reference does it.
"""

import base64
import hashlib
import io
import itertools
import os
import random
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy as np
from PIL import Image


def picture(width, height, seed, mode="RGB"):
    """Waves, an edge and noise, so that all coefficients occur."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    channels = {"L": 1, "RGB": 3, "CMYK": 4}[mode]
    planes = []
    for _ in range(channels):
        a, b, c = rng.uniform(0.02, 0.5, 3)
        wave = 128 + 70 * np.sin(a * x + b * y) + 50 * np.cos(c * x * y / 16)
        wave[(x * rng.uniform(0.2, 2) > y + rng.integers(0, 9))] *= rng.uniform(0.2, 1)
        planes.append(wave + rng.normal(0, rng.choice([0, 2, 12, 60]), wave.shape))
    array = np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)
    return Image.fromarray(array[..., 0] if channels == 1 else array, mode)


def pillow_jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def tool(name, arguments, data, scans=None):
    with tempfile.TemporaryDirectory() as folder:
        if scans is not None:
            with open(os.path.join(folder, "scans"), "w") as f:
                f.write(scans)
            arguments = arguments + ["-scans", os.path.join(folder, "scans")]
        with open(os.path.join(folder, "in"), "wb") as f:
            f.write(data)
        done = subprocess.run([name] + arguments + [os.path.join(folder, "in")], capture_output=True)
    return done.stdout if done.returncode == 0 and done.stdout else None


def cjpeg(image, *arguments, scans=None):
    out = io.BytesIO()
    image.save(out, "PPM")
    return tool("cjpeg", list(arguments), out.getvalue(), scans)


def jpegtran(jpeg, *arguments, scans=None):
    return tool("jpegtran", list(arguments), jpeg, scans)


def segments(jpeg):
    """Offsets and markers of the segments up to each scan's data: (offset, marker, end)."""
    at = 2
    while True:
        while jpeg[at] != 0xFF or jpeg[at + 1] in (0, 0xFF) or 0xD0 <= jpeg[at + 1] <= 0xD7:
            at += 1
        marker = jpeg[at + 1]
        if marker == 0xD9:
            yield at, marker, at + 2
            return
        end = at + 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        yield at, marker, end
        at = end


def find(jpeg, *markers):
    return next((s for s in segments(jpeg) if s[1] in markers), None)


def without(jpeg, *markers):
    out = bytearray(jpeg)
    for at, marker, end in reversed(list(segments(jpeg))):
        if marker in markers:
            del out[at:end]
    return bytes(out)


def put(jpeg, at, data):
    return jpeg[:at] + data + jpeg[at:]


def patch(jpeg, at, data):
    return jpeg[:at] + data + jpeg[at + len(data):]


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


SIZES = [(1, 1), (1, 33), (33, 1), (2, 2), (3, 5), (5, 3), (7, 9), (8, 8), (9, 16), (15, 15), (16, 16), (17, 31), (31, 17), (34, 47),
         (65, 23), (97, 61)]
QUALITIES = [1, 20, 60, 85, 96, 100]
SAMPLINGS = ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "3x1", "1x3", "3x3", "3x2", "2x3", "4x4", "2x2,1x2,1x1", "2x2,2x1,1x2",
             "1x1,2x1,1x1", "1x2,2x2,2x2", "2x2,2x2,1x1", "4x2,1x1,2x1", "4x1,2x1,1x1", "1x4,1x2,1x1", "2x4,1x2,1x1", "1x1,1x1,2x2",
             "3x1,3x1,1x1", "4x2,1x2,4x1", "2x1,1x1,2x1", "3x2,1x1,1x1", "2x1,2x1,2x1", "2x2,1x1,2x2"]

SCRIPTS = {
    "non-interleaved": "0;\n1;\n2;\n",
    "two-and-one": "0 1;\n2;\n",
    "one-and-two": "1;\n0 2;\n",
    "dc-only": "0 1 2: 0-0, 0, 0;\n",
    "dc-coarse": "0 1 2: 0-0, 0, 2;\n",
    "dc-separate": "0: 0-0, 0, 0;\n2: 0-0, 0, 0;\n1: 0-0, 0, 0;\n",
    "luma-ac": "0 1 2: 0-0, 0, 0;\n0: 1-63, 0, 0;\n",
    "luma-ac-coarse": "0 1 2: 0-0, 0, 1;\n0: 1-5, 0, 2;\n0: 6-63, 0, 2;\n",
    "low-ac": "0 1 2: 0-0, 0, 0;\n0: 1-2, 0, 1;\n1: 1-9, 0, 0;\n",
    "ac-coarse": "0 1 2: 0-0, 0, 1;\n0: 1-63, 0, 3;\n1: 1-63, 0, 2;\n2: 1-63, 0, 1;\n0 1 2: 0-0, 1, 0;\n",
    "refined": "0 1 2: 0-0, 0, 1;\n0: 1-63, 0, 2;\n1: 1-63, 0, 1;\n2: 1-63, 0, 1;\n0: 1-63, 2, 1;\n0 1 2: 0-0, 1, 0;\n0: 1-63, 1, 0;\n"
               "1: 1-63, 1, 0;\n2: 1-63, 1, 0;\n",
    "bands": "0 1 2: 0-0, 0, 0;\n0: 1-1, 0, 0;\n0: 2-3, 0, 0;\n0: 4-63, 0, 0;\n1: 1-20, 0, 0;\n1: 21-63, 0, 0;\n2: 1-63, 0, 0;\n",
    "high-first": "0 1 2: 0-0, 0, 0;\n0: 30-63, 0, 0;\n1: 1-63, 0, 0;\n2: 1-63, 0, 0;\n0: 1-29, 0, 0;\n",
}


class Cases:
    def __init__(self):
        self.random = random.Random(1)
        self.all = {}

    def add(self, name, jpeg):
        if jpeg:
            self.all[name + ".jpg"] = jpeg

    def size(self):
        return self.random.choice(SIZES)

    def quality(self):
        return self.random.choice(QUALITIES)

    def pillow(self):
        number = 0
        for mode, subsampling, progressive, size in itertools.product(["L", "RGB", "CMYK"], [0, 1, 2], [False, True], SIZES):
            if mode == "L" and subsampling:
                continue
            number += 1
            options = {"quality": self.quality(), "progressive": progressive, "optimize": self.random.random() < 0.3}
            if mode != "L":
                options["subsampling"] = subsampling
            if self.random.random() < 0.4:
                options["restart_marker_blocks"] = self.random.choice([1, 2, 3, 7])
            elif self.random.random() < 0.2:
                options["restart_marker_rows"] = 1
            if mode == "RGB" and self.random.random() < 0.2:
                options["keep_rgb"] = True
                options["subsampling"] = 0
            jpeg = pillow_jpeg(picture(*size, number, mode), **options)
            name = f"pillow-{mode}-{subsampling}-{'progressive' if progressive else 'baseline'}-{size[0]}x{size[1]}"
            self.add(name, jpeg)
            adobe = find(jpeg, 0xEE)
            if adobe and mode == "CMYK":
                self.add(name + "-ycck", patch(jpeg, adobe[2] - 1, b"\2"))
                self.add(name + "-no-adobe", without(jpeg, 0xEE))

    def samplings(self):
        number = 1000
        for sampling in SAMPLINGS:
            for i, size in enumerate(SIZES):
                number += 1
                arguments = ["-sample", sampling, "-quality", str(self.quality())]
                arguments += [[], ["-progressive"], ["-optimize"], ["-arithmetic"], ["-arithmetic", "-progressive"]][i % 5]
                if self.random.random() < 0.4:
                    arguments += ["-restart", self.random.choice(["1", "1B", "5B"])]
                image = picture(*size, number)
                name = f"sample-{sampling.replace(',', '_')}-{size[0]}x{size[1]}"
                jpeg = cjpeg(image, *arguments)
                if jpeg is None:  # too many blocks in an MCU: one scan for each component
                    arguments = [a for a in arguments if a not in ("-progressive", "-optimize")]
                    jpeg = cjpeg(image, *arguments, scans=SCRIPTS["non-interleaved"])
                self.add(name + "".join(a for a in arguments if a in ("-progressive", "-arithmetic")), jpeg)

    def scripts(self):
        number = 2000
        for name, script in SCRIPTS.items():
            for size in SIZES:
                for sampling in ("1x1", "2x2", "2x1", "1x2", "4x2"):
                    if self.random.random() < 0.45:
                        continue
                    number += 1
                    arguments = ["-sample", sampling, "-quality", self.random.choice(["10", "50", "90"])]
                    if self.random.random() < 0.2:
                        arguments += ["-arithmetic"]
                    if self.random.random() < 0.2:
                        arguments += ["-restart", "2B"]
                    self.add(f"scans-{name}-{sampling}-{size[0]}x{size[1]}", cjpeg(picture(*size, number), *arguments, scans=script))

    def grey(self):
        for i, size in enumerate(SIZES):
            jpeg = pillow_jpeg(picture(*size, 3000 + i, "L"), quality=self.quality())
            frame = find(jpeg, 0xC0)[0]
            for sampling in (0x12, 0x21, 0x22, 0x44, 0x13):
                self.add(f"grey-{sampling:x}-{size[0]}x{size[1]}", patch(jpeg, frame + 11, bytes([sampling])))
            for arguments in (["-progressive"], ["-arithmetic"], ["-arithmetic", "-progressive"], ["-restart", "1B"]):
                self.add(f"grey{''.join(arguments)}-{size[0]}x{size[1]}", jpegtran(jpeg, *arguments))

    def tables(self):
        """Large factors: sums that overflow the range of samples. 16-bit tables and a fourth component with its own sampling."""
        for i in range(40):
            width, height = self.size()
            factors = [self.random.choice([1, 16, 255]) if self.random.random() < 0.5 else self.random.randint(1, 255) for _ in range(64)]
            jpeg = pillow_jpeg(picture(width, height, 4000 + i), qtables=[factors, factors], subsampling=i % 3, progressive=i % 2 == 1)
            self.add(f"factors-{i}", jpeg)
            wide = bytearray(jpeg)
            for at, marker, end in reversed([s for s in segments(jpeg) if s[1] == 0xDB]):
                tables = jpeg[at + 4:end]
                data = b"".join(bytes([0x10 | tables[t]]) + b"".join(struct.pack(">H", v * (1 + i % 3)) for v in tables[t + 1:t + 65])
                                for t in range(0, len(tables), 65))
                wide[at:end] = segment(0xDB, data)
            self.add(f"factors-16-bit-{i}", bytes(wide))
        for i, sampling in enumerate([0x11, 0x22, 0x21, 0x12]):
            for j, size in enumerate(SIZES):
                jpeg = pillow_jpeg(picture(*size, 4100 + 16 * i + j, "CMYK"), quality=70, subsampling=0)
                frame = find(jpeg, 0xC0)[0]
                # Other factors than the data have: the blocks are other ones, or there are too few.
                changed = patch(jpeg, frame + 11, bytes([sampling]))
                self.add(f"cmyk-relabelled-{sampling:x}-{size[0]}x{size[1]}", changed)

    def colors(self):
        for i, (ids, jfif, adobe) in enumerate(itertools.product([b"\1\2\3", b"RGB", b"\0\1\2", b"YCc", b"\7\7\7", b"\3\2\1"], [0, 1, 2], [None, 0, 1, 2, 9])):
            jpeg = bytearray(without(pillow_jpeg(picture(19, 13, 5000 + i), quality=80, subsampling=i % 3), 0xE0))
            frame, scan = find(jpeg, 0xC0)[0], find(jpeg, 0xDA)[0]
            for c in range(3):
                jpeg[frame + 10 + 3 * c] = ids[c]
                jpeg[scan + 5 + 2 * c] = ids[c]
            head = b""
            if jfif:
                head += segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"[:14 if jfif == 1 else 12])
            if adobe is not None:
                head += segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([adobe]))
            self.add(f"colors-{ids.hex()}-{jfif}-{adobe}", put(bytes(jpeg), 2, head))

    def oddities(self):
        """Whole images in files that are not as they should be."""
        for i in range(12):
            size = self.random.choice(SIZES[4:])
            plain = pillow_jpeg(picture(*size, 6000 + i), quality=75, subsampling=i % 3)
            restarts = pillow_jpeg(picture(*size, 6100 + i), quality=75, subsampling=i % 3, restart_marker_blocks=1 + i % 3)
            progressive = pillow_jpeg(picture(*size, 6200 + i), quality=75, subsampling=i % 3, progressive=True)
            for kind, jpeg in (("plain", plain), ("restarts", restarts), ("progressive", progressive)):
                name = f"odd-{kind}-{i}-"
                frame, scan = find(jpeg, 0xC0, 0xC2)[0], find(jpeg, 0xDA)
                exif = segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")
                self.add(name + "exif-short", put(jpeg, 2, patch(exif, 2, struct.pack(">H", len(exif) - 6))))
                self.add(name + "comment-short", put(jpeg, 2, patch(segment(0xFE, b"hello"), 2, b"\0\3")))
                self.add(name + "comment-0", put(jpeg, 2, b"\xff\xfe\0\0"))
                self.add(name + "app-1", put(jpeg, 2, b"\xff\xe3\0\1"))
                self.add(name + "junk", put(jpeg, frame, b"junk\xff\0more"))
                self.add(name + "zeros-after-app0", put(jpeg, find(jpeg, 0xE0)[2], bytes(7)))
                self.add(name + "fill", put(jpeg, frame, b"\xff\xff\xff"))
                self.add(name + "rst-in-header", put(jpeg, frame, b"\xff\xd3"))
                self.add(name + "tem-in-header", put(jpeg, frame, b"\xff\x01"))
                self.add(name + "exp-in-header", put(jpeg, frame, b"\xff\xdf\0\3\0"))
                self.add(name + "jpg-in-header", put(jpeg, frame, b"\xff\xc8\0\3\0"))
                self.add(name + "reserved-in-header", put(jpeg, frame, b"\xff\x45\0\3\0"))
                self.add(name + "soi-twice", put(jpeg, 2, b"\xff\xd8"))
                self.add(name + "tables-first", put(jpeg, 2, segment(0xFE, b"tables") + b"\xff\xd9\xff\xd8"))
                self.add(name + "eoi-first", put(jpeg, 2, b"\xff\xd9"))
                self.add(name + "trailer", jpeg + b"trailer\xff\xd8" + jpeg)
                self.add(name + "no-eoi", jpeg[:-2])
                self.add(name + "no-eoi-half", jpeg[:-1])
                self.add(name + "no-eoi-trailer", jpeg[:-2] + b"SEFHe\0\0\0" * 9)
                self.add(name + "no-eoi-jpeg", jpeg[:-2] + b"xyz" + jpeg)
                self.add(name + "junk-before-eoi", put(jpeg, len(jpeg) - 2, b"xyz\0\xff\0\1"))
                self.add(name + "dnl", put(jpeg, len(jpeg) - 2, segment(0xDC, struct.pack(">H", size[1]))))
                self.add(name + "dnl-other", put(jpeg, len(jpeg) - 2, segment(0xDC, struct.pack(">H", size[1] + 9))))
                self.add(name + "height-0-dnl", put(patch(jpeg, frame + 5, b"\0\0"), len(jpeg) - 2, segment(0xDC, struct.pack(">H", size[1]))))
                self.add(name + "scan-twice", put(jpeg, len(jpeg) - 2, jpeg[scan[0]:-2]))
                self.add(name + "zero-fill", jpeg[:scan[2] + (len(jpeg) - scan[2]) // 2] + bytes(4000))
                self.add(name + "frame-twice", put(jpeg, frame, jpeg[frame:frame + 19]))
                self.add(name + "12-bit", patch(jpeg, frame + 4, b"\x0c"))
                self.add(name + "quantisation-3", patch(jpeg, frame + 12, b"\3"))
                self.add(name + "quantisation-4", patch(jpeg, frame + 12, b"\4"))
                self.add(name + "huffman-2", patch(jpeg, scan[0] + 6, b"\x22"))
                self.add(name + "huffman-4", patch(jpeg, scan[0] + 6, b"\x44"))
                self.add(name + "extended", patch(jpeg, frame + 1, b"\xc1") if kind != "progressive" else None)
                self.add(name + "restart-interval-bad", put(jpeg, frame, segment(0xDD, b"\0\1\0")))
                self.add(name + "huffman-bad", put(jpeg, frame, segment(0xC4, b"\0\3" + bytes(15) + b"\0\1\2")))
                self.add(name + "huffman-unused-bad", put(jpeg, frame, segment(0xC4, b"\3\3" + bytes(15) + b"\0\1\2")))
                self.add(name + "huffman-all-ones", put(jpeg, frame, segment(0xC4, b"\2\2" + bytes(15) + b"\0\1")))
                self.add(name + "huffman-long", put(jpeg, frame, segment(0xC4, b"\2" + bytes(16) + b"\0")))
                self.add(name + "huffman-index-5", put(jpeg, frame, segment(0xC4, b"\5\1" + bytes(15) + b"\0")))
                self.add(name + "quantisation-long", put(jpeg, frame, segment(0xDB, b"\0" + bytes(64) + b"\0")))
                self.add(name + "conditioning", put(jpeg, frame, segment(0xCC, b"\0\x20\x10\4")))
                self.add(name + "conditioning-bad", put(jpeg, frame, segment(0xCC, b"\0\x12")))
                self.add(name + "sampling-0", patch(jpeg, frame + 11, b"\x01"))
                self.add(name + "sampling-5", patch(jpeg, frame + 11, b"\x51"))
                self.add(name + "scan-parameters", patch(jpeg, scan[2] - 3, b"\0\x3f\x11"))
                self.add(name + "scan-parameters-0", patch(jpeg, scan[2] - 3, b"\0\0\0"))
                self.add(name + "scan-order", patch(patch(jpeg, scan[0] + 5, b"\2\x11"), scan[0] + 7, b"\1\0"))
                self.add(name + "no-huffman", without(jpeg, 0xC4))
                self.add(name + "no-quantisation", without(jpeg, 0xDB))
                marker = restarts.find(b"\xff\xd0", find(restarts, 0xDA)[2])
                if kind == "restarts" and marker > 0:
                    self.add(name + "junk-before-restart", put(jpeg, marker, b"\x12\x34\x56\xff\0"))
                    self.add(name + "tem-before-restart", put(jpeg, marker, b"\xff\1ab"))
                    self.add(name + "restart-0-always", b"".join([jpeg[:marker]] + [jpeg[at:at + 2] if jpeg[at] != 0xFF or not 0xD0 <= jpeg[at + 1] <= 0xD7
                                                                     else b"\xff\xd0" for at in range(marker, len(jpeg), 2)]))
                    self.add(name + "restart-5", patch(jpeg, marker + 1, b"\xd5"))
                    self.add(name + "restart-1", patch(jpeg, marker + 1, b"\xd1"))
                    self.add(name + "restart-missing", jpeg[:marker] + jpeg[marker + 2:])
                if kind == "progressive":
                    scans = [s[0] for s in segments(jpeg) if s[1] == 0xDA]
                    tables = [s for s in segments(jpeg) if s[1] in (0xC4, 0xDA)]
                    for n in range(1, len(scans)):
                        start = scans[n]
                        for at, marker_, end in tables:
                            if end == start and marker_ == 0xC4:
                                start = at
                        self.add(name + f"without-scans-from-{n}", jpeg[:start] + b"\xff\xd9")
                    self.add(name + "without-scan-2", jpeg[:scans[2]] + jpeg[scans[3]:])

    def damage(self):
        sources = sorted(n for n in self.all if n.startswith(("pillow-RGB", "sample-2x2", "scans-refined", "pillow-L")) and 200 < len(self.all[n]) < 4000)
        for i in range(700):
            name = self.random.choice(sources)
            jpeg = bytearray(self.all[name])
            start = find(jpeg, 0xDA)[2] if i % 3 else 2
            kind = i % 4
            if kind == 0:
                jpeg = jpeg[:self.random.randrange(start, len(jpeg))]
            elif kind == 1:
                jpeg = jpeg[:self.random.randrange(start, len(jpeg))] + b"\xff\xd9"
            else:
                for _ in range(self.random.choice([1, 1, 2, 5])):
                    jpeg[self.random.randrange(start, len(jpeg))] ^= 1 << self.random.randrange(8)
            self.add(f"damage-{i}-{name[:-4]}", bytes(jpeg))

    def everything(self):
        self.pillow()
        self.samplings()
        self.scripts()
        self.grey()
        self.tables()
        self.colors()
        self.oddities()
        self.damage()
        return self.all


def verdict(jpeg):
    try:
        image = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
        image.load()
    except Exception:
        return "refused"
    if image.mode != "RGB":
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, (255, 255, 255)), rgba).convert("RGB")
    return f"{image.width}\t{image.height}\t{hashlib.sha256(image.tobytes()).hexdigest()}"


# In these the decoder of this project is stricter than Pillow (data are missing or damaged, and libjpeg only warns), or more
# lenient (nothing is missing, but libjpeg wants a better end). They have tests of their own.
OTHER_VERDICT = ("zero-fill", "no-eoi", "tem-in-header", "scan-twice", "without-scan-2", "restart-", "relabelled", "arithmetic-damage")
PACKED = {"pillow": 24, "sample": 32, "scans": 24, "grey": 8, "factors": 6, "colors": 10, "odd": 60, "damage": 12}
MAX_PACKED_BYTES = 1600


def packed(all_cases, verdicts):
    """Some small cases of each kind, evenly spread; of the odd ones, one of each oddity."""
    for kind, count in PACKED.items():
        names = sorted(n for n in all_cases if n.startswith(kind + "-") and len(all_cases[n]) <= MAX_PACKED_BYTES
                       and not any(part in n for part in OTHER_VERDICT))
        if kind == "damage":
            names = [n for n in names if verdicts[n] == "refused"]
        if kind == "odd":
            oddities = {}
            for name in sorted(names, key=lambda n: zlib.crc32(n.encode())):
                oddities.setdefault(name.split("-", 3)[3] + verdicts[name][:7 if verdicts[name] == "refused" else 0], name)
            names = sorted(oddities.values())
        for i in range(min(count, len(names))):
            yield names[i * len(names) // min(count, len(names))]


def write_pack(path, all_cases):
    verdicts = {name: verdict(content) for name, content in all_cases.items()}
    with open(path, "w") as out:
        for name in packed(all_cases, verdicts):
            out.write(name + " " + verdicts[name].replace("\t", " ") + "\n" + base64.b64encode(all_cases[name]).decode() + "\n\n")


def write_all(folder, all_cases):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "verdicts.tsv"), "w") as lines:
        for name, content in all_cases.items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(content)
            lines.write(f"{name}\t{verdict(content)}\n")
    print(len(all_cases), "cases")


if __name__ == "__main__":
    if sys.argv[1] == "--pack":
        write_pack(sys.argv[2], Cases().everything())
    else:
        write_all(sys.argv[1], Cases().everything())
