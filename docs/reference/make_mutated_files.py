#!/usr/bin/env python3
"""Small safetensors files, most of them damaged at random, and what the safetensors library makes of each.

    python make_mutated_files.py --out mutated.bin [--count 300000] [--seed 1]
    mvn -pl weights-loader -am test -Dtest=MutatedFilesTest -Dsurefire.failIfNoSpecifiedTests=false -Dmme5.mutated=$PWD/mutated.bin

For each file: its length (4 bytes, little-endian), the file, the length of the verdict, the verdict. That is empty when the library refuses
the file, else JSON: {"NAME": {"dtype": .., "shape": [..], "data": hexadecimal digits}}."""
import argparse
import json
import random
import re
import struct

import safetensors

BITS = {"BOOL": 8, "F4": 4, "F6_E2M3": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32,
        "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64}
WORDS = [b'"dtype"', b'"shape"', b'"data_offsets"', b'"__metadata__"', b'"bf16"', b'"F99"', b'""', b"null", b"true", b"[]", b"{}", b"[0]",
         *(b'"%s"' % name.encode() for name in BITS)]
NUMBERS = [b"0", b"1", b"2", b"3", b"8", b"-1", b"-0", b"00", b"01", b"1.0", b"1e0", b"1e400", b"2147483648", b"4294967296", b"9007199254740993",
           b"9223372036854775807", b"9223372036854775808", b"18446744073709551615", b"18446744073709551616"]
PIECES = [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0061", b"\\ud800", b"\\n", b" ", b"\n", b"\t", b"\0", b"/", b"-", b".", b"e",
          b"\x7f", b"\x80", b"\xc3\xa9", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff"]


def valid(rs):
    """Header and data of a right file."""
    header, data = {}, b""
    if rs.random() < 0.3:
        header["__metadata__"] = {"format": "pt", "a": "\u00e9\n"}
    for i in range(rs.randrange(4)):
        while True:
            dtype = rs.choice(list(BITS))
            shape = [rs.choice([0, 1, 1, 2, 3, 4]) for _ in range(rs.randrange(4))]
            bits = BITS[dtype]
            for size in shape:
                bits *= size
            if bits % 8 == 0:
                break
        tensor = [("dtype", dtype), ("shape", shape), ("data_offsets", [len(data), len(data) + bits // 8])]
        rs.shuffle(tensor)
        header[rs.choice(["w", "layer.%d", "\u00e9%d", "a b%d"]).replace("%d", str(i))] = dict(tensor)
        data += rs.randbytes(bits // 8)
    names = list(header)
    rs.shuffle(names)
    text = json.dumps({name: header[name] for name in names}, ensure_ascii=rs.random() < 0.5, separators=rs.choice([(",", ":"), (", ", ": ")]))
    return text.encode() + b" " * rs.choice([0, 0, 1, 7]), data


def span(rs, text):
    start = rs.randrange(len(text) + 1)
    return start, min(len(text), start + rs.choice([1, 1, 2, 5, 20]))


def replace_one(rs, text, pattern, choices):
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    at = rs.choice(found)
    return text[:at.start()] + rs.choice(choices) + text[at.end():]


def mutated(rs, text):
    kind = rs.randrange(8)
    if kind <= 1:
        return replace_one(rs, text, rb"\d+", NUMBERS)
    if kind == 2:  # a number that is off by a little
        return replace_one(rs, text, rb"\d+", [b"%d" % rs.randrange(70)])
    if kind == 3:
        return replace_one(rs, text, rb'"[^"]*"|null|true|\[[^\]]*\]', WORDS)
    start, end = span(rs, text)
    if kind == 4:
        return text[:start] + text[end:]
    if kind == 5:
        return text[:start] + rs.choice(PIECES) + text[start:]
    if kind == 6:  # something twice
        to = rs.randrange(len(text) + 1)
        return text[:to] + text[start:end] + text[to:]
    return text[:start] + bytes(b ^ 1 << rs.randrange(8) for b in text[start:start + 1]) + text[start + 1:]


def file(rs):
    header, data = valid(rs)
    for _ in range(rs.choice([0, 1, 1, 1, 2, 3])):
        if rs.random() < 0.85:
            header = mutated(rs, header)
        else:
            data = rs.choice([data + rs.randbytes(rs.choice([1, 8])), data[:rs.randrange(len(data) + 1)]])
    length = len(header)
    if rs.random() < 0.05:
        length = rs.choice([0, 1, length - 1, length + 1, length + len(data), 100_000_000, 100_000_001, 1 << 31, 1 << 63, (1 << 64) - 1]) % (1 << 64)
    whole = struct.pack("<Q", length) + header + data
    return whole[:rs.randrange(len(whole))] if rs.random() < 0.03 else whole


def verdict(whole):
    try:
        tensors = safetensors.deserialize(whole)
    except safetensors.SafetensorError:
        return b""
    return json.dumps({name: {"dtype": t["dtype"], "shape": t["shape"], "data": t["data"].hex()} for name, t in tensors}).encode()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", required=True)
    ap.add_argument("--count", type=int, default=300_000)
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    rs = random.Random(args.seed)
    accepted = 0
    with open(args.out, "wb") as out:
        for _ in range(args.count):
            whole = file(rs)
            said = verdict(whole)
            accepted += said != b""
            out.write(struct.pack("<I", len(whole)) + whole + struct.pack("<I", len(said)) + said)
    print(args.count, "files,", accepted, "accepted by safetensors", safetensors.__version__)


if __name__ == "__main__":
    main()
