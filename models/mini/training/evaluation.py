"""Writes ../evaluation.jsonl for `mme5 evaluate`: names of the gallery's pictures in ten languages as queries, the pictures as
candidates, languages as groups. Needs nothing but Python.

In: ../gallery/names.json, an object from picture file to an object from language to name. Pictures that share a name in a
language are all relevant to it.

    python evaluation.py
"""

import json
from pathlib import Path

LANGUAGES = ["en", "de", "fr", "es", "ru", "ar", "hi", "zh", "ja", "sw"]


def lines(names):
    for file in sorted(names):
        yield {"candidate": file, "images": [f"gallery/{file}"]}
    for language in LANGUAGES:
        files_of = {}
        for file in sorted(names):
            name = names[file].get(language)
            if name:
                files_of.setdefault(name, []).append(file)
        for number, (name, files) in enumerate(files_of.items(), 1):
            yield {"query": f"{language}-{number}", "text": name, "relevant": files, "group": language}


def main():
    folder = Path(__file__).resolve().parent.parent
    names = json.loads((folder / "gallery" / "names.json").read_text(encoding="utf-8"))
    with open(folder / "evaluation.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for line in lines(names):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
