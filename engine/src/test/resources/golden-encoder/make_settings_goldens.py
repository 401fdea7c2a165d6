"""Writes goldens/settings.json: the vectors of sentence-transformers 6 when files beside tokenizer.json change the normalizer.

    pip install sentence-transformers
    python3 make_settings_goldens.py

Each case is a model of models/ with a changed normalizer, tokenizer_config.json and do_lower_case of sentence_bert_config.json.
"""
import json, pathlib, shutil, tempfile
from sentence_transformers import SentenceTransformer

HERE = pathlib.Path(__file__).parent
TEXTS = ["Protein GUIDELINE [SEP] [sep] Query", "\u039f\u0394\u039f\u03a3 \u0130stanbul Caf\u00e9 \u5929\u5730", "The <mask> Female PROTEIN"]
CASED = {"lowercase": False}
KEPT = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]"}
CASES = [
    # do_lower_case of sentence-transformers, as BGE has it, and where it changes ids
    ("bert-cls", {}, {}, True), ("bert-cls", CASED, {"do_lower_case": False}, True), ("bert-cls", CASED, KEPT, True), ("xlm-roberta-mean", {}, {}, True),
    ("bert-cls", CASED, {"do_lower_case": False}, False), ("xlm-roberta-mean", {}, {}, False),
    # settings of BertTokenizer
    ("bert-cls", CASED, {}, False), ("bert-cls", CASED, {"do_lower_case": True, "strip_accents": None}, False), ("bert-cls", {}, {"do_lower_case": False}, False),
    ("bert-cls", {}, {"strip_accents": False, "tokenizer_class": "BertTokenizer"}, False), ("bert-cls", {}, {"tokenize_chinese_chars": False}, False),
    ("bert-cls", {"strip_accents": False, "handle_chinese_chars": False}, {"tokenizer_class": "BertTokenizerFast"}, False), ("bert-cls", CASED, KEPT, False)]

cases = []
for name, normalizer, config, lower in CASES:
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder) / "model"
        shutil.copytree(HERE / "models" / name, folder)
        file = json.loads((folder / "tokenizer.json").read_text())
        file["normalizer"].update(normalizer)
        (folder / "tokenizer.json").write_text(json.dumps(file))
        (folder / "tokenizer_config.json").write_text(json.dumps(dict(config, model_max_length=512)))
        (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 32, "do_lower_case": lower}))
        model = SentenceTransformer(str(folder), device="cpu")
        for text in TEXTS:
            cases.append({"model": name, "normalizer": normalizer, "tokenizer_config": config, "do_lower_case": lower, "text": text,
                          "ids": model.tokenizer(text)["input_ids"], "vector": [float("%.7g" % v) for v in model.encode(text)]})
(HERE / "goldens" / "settings.json").write_text("[" + ",\n".join(json.dumps(c) for c in cases) + "]\n")
