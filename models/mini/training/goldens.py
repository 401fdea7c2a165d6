"""Writes goldens.jsonl of a model folder, for `mme5 verify`, from goldens in the form that the engine's tests read: a JSON file
with `cases` (id, text, images, perhaps max_length) and a safetensors file with a float32 tensor ID/embedding for each. Needs
nothing but Python. Pictures are copied beside the output, so that the folder stands alone.

    python goldens.py CASES.json TENSORS.safetensors PICTURES_FOLDER MODEL_FOLDER
"""

import json
import shutil
import struct
import sys
from pathlib import Path


def embeddings(path):
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    for name, entry in header.items():
        if name.endswith("/embedding"):
            assert entry["dtype"] == "F32", name
            begin, end = entry["data_offsets"]
            values = struct.unpack(f"<{(end - begin) // 4}f", data[8 + length + begin : 8 + length + end])
            yield name.removesuffix("/embedding"), list(values)


def main(cases, tensors, pictures, model):
    vectors = dict(embeddings(tensors))
    with open(Path(model) / "goldens.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for case in json.loads(Path(cases).read_text(encoding="utf-8"))["cases"]:
            line = {"id": case["id"], "prompt": case["text"]}
            if case.get("images"):
                (Path(model) / "goldens").mkdir(exist_ok=True)
                for image in case["images"]:
                    shutil.copy(Path(pictures) / image, Path(model) / "goldens" / Path(image).name)
                line["images"] = [f"goldens/{Path(image).name}" for image in case["images"]]
            if case.get("max_length"):
                line["max_tokens"] = case["max_length"]
            out.write(json.dumps({**line, "embedding": vectors[case["id"]]}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
