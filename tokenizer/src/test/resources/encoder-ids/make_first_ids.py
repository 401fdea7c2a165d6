"""Writes the golden ids of Unigram tokenizers whose Metaspace prepends at the beginning of a text only, by the tokenizers library.

    pip install tokenizers
    python3 make_first_ids.py

The tokenizers are unigram.json.gz and unigram-bytes.json.gz, which make_encoder_ids.py writes, with other members: first-variants.json
has these, and EncoderTokenizersTest applies them too. The texts are every sixth of texts.json.gz, and the starts of first-variants.json in
front of its first 20. Output: ids-first.json.gz, a list of lists of ids for each variant.
"""
import gzip, json, pathlib
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent


def read(name):
    return json.loads(gzip.open(HERE / (name + ".json.gz")).read())


def write(name, value):
    with open(HERE / (name + ".json.gz"), "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as f:
        f.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def main():
    texts = read("texts")
    cases = json.loads((HERE / "first-variants.json").read_text())
    texts = texts[::6] + [start + text for start in cases["starts"] for text in texts[:20]]
    ids = []
    for variant in cases["variants"]:
        file = {**read(variant["base"]), **variant["members"]}
        tokenizer = Tokenizer.from_str(json.dumps(file))
        tokenizer.no_truncation(); tokenizer.no_padding()
        ids.append([tokenizer.encode(text).ids for text in texts])
    write("ids-first", ids)


main()
