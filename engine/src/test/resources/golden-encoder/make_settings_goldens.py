"""Writes goldens/settings.json: the vectors of sentence-transformers 6 when files beside tokenizer.json change normalizer and pre-tokenizer.

    pip install sentence-transformers
    python3 make_settings_goldens.py

Each case is a model of models/ with a changed normalizer, other members of tokenizer.json, tokenizer_config.json and do_lower_case of
sentence_bert_config.json. Members with the character map stand in the goldens without it: {"type": "Precompiled"}.
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
CASES = [(name, normalizer, {}, config, lower) for name, normalizer, config, lower in CASES]
# classes that build normalizer and pre-tokenizer by themselves, and one that does not
BERT, XLM = {"tokenizer_class": "BertTokenizer"}, {"tokenizer_class": "XLMRobertaTokenizer"}
CASED_SEQUENCE = {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": False,
                                                                       "strip_accents": False, "lowercase": False}]}
PRECOMPILED, SPLIT = {"type": "Precompiled"}, {"type": "WhitespaceSplit"}
COLLAPSING = {"type": "Sequence", "normalizers": [PRECOMPILED, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "\u2581"}, {"type": "Lowercase"}]}
METASPACE = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
KEPT_XLM = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>"}
CASES += [
    ("bert-cls", {}, {"normalizer": None}, BERT, False), ("bert-cls", {}, {"normalizer": CASED_SEQUENCE}, BERT, False),
    ("bert-cls", {}, {"normalizer": CASED_SEQUENCE}, KEPT, False), ("bert-cls", {}, {"normalizer": {"type": "Lowercase"}, "pre_tokenizer": SPLIT}, {}, True),
    ("xlm-roberta-mean", {}, {"pre_tokenizer": METASPACE}, XLM, False), ("xlm-roberta-mean", {}, {"pre_tokenizer": METASPACE}, KEPT_XLM, False),
    ("xlm-roberta-mean", {}, {"normalizer": COLLAPSING, "pre_tokenizer": METASPACE}, {}, False),
    ("xlm-roberta-mean", {}, {"normalizer": COLLAPSING}, KEPT_XLM, False), ("xlm-roberta-mean", {}, {"normalizer": {"type": "Lowercase"}}, XLM, True),
    ("xlm-roberta-mean", {}, {}, dict(XLM, add_prefix_space=False), False)]
# what these classes build besides: special tokens around a text and the unknown token, and which tokens are added
SEPARATOR = {"3": {"content": "[SEP]", "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}}
CASES += [
    ("bert-cls", {}, {"post_processor": None}, {"tokenizer_class": "DistilBertTokenizer"}, False),
    ("bert-cls", {}, {"post_processor": None}, {"tokenizer_class": "ElectraTokenizer"}, False), ("bert-cls", {}, {"post_processor": None}, KEPT, False),
    ("bert-cls", {}, {"added_tokens": []}, dict(BERT, cls_token="[MASK]", unk_token="[PAD]"), False),
    ("bert-cls", {}, {"decoder": None}, dict(BERT, added_tokens_decoder=SEPARATOR, sep_token="[UNK]"), True),
    ("xlm-roberta-mean", {}, {"added_tokens": [], "post_processor": None}, dict(XLM, eos_token="<mask>"), False)]


def with_map(member, charsmap):
    """The member with the character map where it belongs."""
    if isinstance(member, list):
        return [with_map(m, charsmap) for m in member]
    if not isinstance(member, dict):
        return member
    filled = {key: with_map(value, charsmap) for key, value in member.items()}
    return dict(filled, precompiled_charsmap=charsmap) if member == PRECOMPILED else filled


cases = []
for name, normalizer, members, config, lower in CASES:
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder) / "model"
        shutil.copytree(HERE / "models" / name, folder)
        file = json.loads((folder / "tokenizer.json").read_text())
        file["normalizer"].update(normalizer)
        file.update(with_map(members, file["normalizer"].get("precompiled_charsmap")))
        (folder / "tokenizer.json").write_text(json.dumps(file))
        (folder / "tokenizer_config.json").write_text(json.dumps(dict(config, model_max_length=512)))
        (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 32, "do_lower_case": lower}))
        model = SentenceTransformer(str(folder), device="cpu")
        for text in TEXTS if not members else TEXTS[1:] + [" The  Caf\u00e9, protein \n"]:
            cases.append({"model": name, "normalizer": normalizer, "members": members, "tokenizer_config": config, "do_lower_case": lower, "text": text,
                          "ids": model.tokenizer(text)["input_ids"], "vector": [float("%.7g" % v) for v in model.encode(text)]})
(HERE / "goldens" / "settings.json").write_text("[" + ",\n".join(json.dumps(c) for c in cases) + "]\n")
