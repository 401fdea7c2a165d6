"""Writes goldens/special-tokens.json: ids of transformers 5 when files beside tokenizer.json are missing or name special tokens.

    pip install transformers
    python3 make_special_tokens_goldens.py

Each case is a model of models/ with other files; null stands for a file that is deleted, and tokenizer.json for its members that change.
"""
import json, pathlib, shutil, tempfile
from transformers import AutoTokenizer

HERE = pathlib.Path(__file__).parent
TEXTS = {"bert-cls": ["The protein's Guideline a,[MASK]s , [MASK] xproteinx <new2><new1>", "aprotein  [SEP] zz\u00e9 day eats[UNK]"],
         "xlm-roberta-mean": ["The protein's Guideline a,<mask>s , <mask> xproteinx <new2><new1>", "aprotein  </s> zz\u00e9 day eats<unk>"]}
CONFIG, MAP, ADDED = "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"
TOKENIZER = "tokenizer.json"
BERT = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]"}
XLM = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>"}


def token(content, **flags):
    return dict({"content": content, "lstrip": False, "rstrip": False, "normalized": False, "single_word": False}, **flags)


def typed(content, **flags):
    return token(content, __type="AddedToken", **flags)


def written(id, content, special=True):
    return {"added_tokens": [token(content, id=id, special=special)]}


PADDING = {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "protein"}

CASES = [("bert-cls", files) for files in [
    # without tokenizer_config.json, and with both
    {CONFIG: None}, {CONFIG: None, MAP: {"cls_token": "[MASK]"}}, {CONFIG: {"cls_token": "[PAD]"}, MAP: {"cls_token": "[MASK]"}},
    {CONFIG: {"cls_token": "[PAD]", "added_tokens_decoder": {}}, MAP: {"cls_token": "[MASK]"}},
    {CONFIG: {}, MAP: {"cls_token": token("protein"), "mask_token": None}},
    # named tokens: flags of tokenizer.json stay
    {CONFIG: {"mask_token": "protein"}}, {CONFIG: {"mask_token": typed("protein", single_word=True)}}, {MAP: {"mask_token": token("protein", rstrip=True)}},
    {MAP: {"mask_token": token("[MASK]", single_word=True)}}, {CONFIG: {"added_tokens_decoder": {"4": token("[MASK]", single_word=True)}}},
    {CONFIG: {"mask_token": typed("Guideline", normalized=True)}},
    # further tokens, in either file
    {CONFIG: {"additional_special_tokens": ["protein", "eat"]}}, {CONFIG: {"additional_special_tokens": [typed("protein")]}},
    {MAP: {"additional_special_tokens": ["protein"]}}, {CONFIG: {"additional_special_tokens": ["eat"]}, MAP: {"additional_special_tokens": ["protein"]}},
    {CONFIG: {"extra_special_tokens": ["protein"]}}, {CONFIG: {"extra_special_tokens": {"a": "protein"}}}, {CONFIG: {"extra_special_tokens": {"a": typed("protein")}}},
    {CONFIG: {"extra_special_tokens": ["eat"], "additional_special_tokens": ["protein"]}},
    {CONFIG: {"extra_special_tokens": [], "additional_special_tokens": ["protein"]}}, {CONFIG: {"additional_special_tokens": None}},
    {MAP: {"extra_special_tokens": ["eat"]}}, {MAP: {"extra_special_tokens": [token("protein")]}}, {MAP: {"extra_special_tokens": {"a": "protein"}}},
    {CONFIG: {"extra_special_tokens": ["protein"]}, MAP: {"extra_special_tokens": ["eat"]}},
    {CONFIG: {"extra_special_tokens": ["protein"]}, MAP: {"extra_special_tokens": {"a": "eat"}}},
    {CONFIG: {"extra_special_tokens": ["protein"]}, MAP: {"additional_special_tokens": ["eat"]}},
    {CONFIG: {"additional_special_tokens": ["protein"]}, MAP: {"extra_special_tokens": ["eat"]}},
    {CONFIG: {"a_token": "protein", "b_token": 5}}, {MAP: {"a_token": "protein"}}, {MAP: {"a_token": token("protein")}}, {CONFIG: {"a_token": typed("protein")}},
    {CONFIG: {"a_token": token("protein")}}, {CONFIG: {"model_specific_special_tokens": {"a": "protein"}}},
    # new tokens get ids in an order of transformers' own
    {CONFIG: {"additional_special_tokens": ["<new1>", "<new2>"], "mask_token": "<new2>"}}, {CONFIG: {"a_token": "<new1>", "extra_special_tokens": ["<new2>"]}},
    {CONFIG: {"cls_token": "<new1>"}}, {CONFIG: {"pad_token": "<new1>", "mask_token": "<new2>"}},
    # added_tokens.json; ids of tokenizer.json win
    {ADDED: {"protein": 5}}, {ADDED: {"protein": 5, "<new1>": 3, "Guideline": 200}}, {ADDED: {"protein": 5}, CONFIG: {"added_tokens_decoder": {"3": token("[SEP]")}}},
    # special tokens as text
    {CONFIG: {"split_special_tokens": True}}, {CONFIG: {"split_special_tokens": True, "additional_special_tokens": ["protein"]}, ADDED: {"eat": 300}},
    # a class that takes all of tokenizer.json
    {CONFIG: BERT}, {CONFIG: dict(BERT, mask_token="protein")}, {CONFIG: dict(BERT, additional_special_tokens=["protein", "<new1>"])},
    {CONFIG: BERT, MAP: {"cls_token": "[MASK]", "unk_token": "protein"}}, {CONFIG: dict(BERT, extra_special_tokens=None), MAP: {"additional_special_tokens": ["protein"]}},
    {CONFIG: dict(BERT, added_tokens_decoder={"4": token("[MASK]", lstrip=True, single_word=True)})}, {CONFIG: BERT, MAP: {"mask_token": token("[MASK]", single_word=True)}},
    {CONFIG: BERT, ADDED: {"protein": 5}}, {CONFIG: dict(BERT, cls_token="[MASK]", do_lower_case=False)}, {CONFIG: dict(BERT, split_special_tokens=True)},
    # ids of added_tokens.json order its tokens, and those known as special are not normalized
    {ADDED: {"<new2>": 162, "<new1>": 161}}, {ADDED: {"<new2>": 162, "<new1>": 161}, CONFIG: BERT}, {ADDED: {"Guideline": 200}, CONFIG: {"mask_token": "Guideline"}},
    {ADDED: {"Guideline": 5}, MAP: {"mask_token": token("Guideline")}}, {ADDED: {"Guideline": 5}, MAP: {"additional_special_tokens": ["Guideline"]}},
    {ADDED: {"Guideline": 5}, MAP: {"extra_special_tokens": ["Guideline"]}}, {ADDED: {"Guideline": 5}, CONFIG: {"additional_special_tokens": ["Guideline"]}},
    {ADDED: {"Guideline": 5}, CONFIG: {"mask_token": typed("Guideline")}},
    # names of the folder's own in both files
    {CONFIG: {"a_token": "protein"}, MAP: {"a_token": "eat"}}, {CONFIG: {"a_token": "<new1>"}, MAP: {"b_token": "<new2>"}},
    {CONFIG: {"a_token": "protein", "model_specific_special_tokens": {"b": "eat"}}}, {CONFIG: {"model_specific_special_tokens": {"b": "eat"}, "extra_special_tokens": {"c": "protein"}}},
    # new tokens in added_tokens_decoder
    {CONFIG: {"added_tokens_decoder": {"161": token("<new1>")}}}, {CONFIG: dict(BERT, added_tokens_decoder={"162": token("<new2>"), "161": token("<new1>")})},
    {CONFIG: dict(BERT, split_special_tokens=True, added_tokens_decoder={"4": token("[MASK]", special=False)})},
    {CONFIG: dict(BERT, split_special_tokens=True, mask_token="<new1>")},
    # of several new ones with the same content the last has the flags
    {MAP: {"bos_token": token("protein"), "mask_token": token("protein", single_word=True)}}, {MAP: {"bos_token": token("protein", single_word=True), "mask_token": token("protein")}},
    {MAP: {"bos_token": token("protein", single_word=True), "a_token": "protein"}}, {CONFIG: BERT, MAP: {"bos_token": "protein", "mask_token": token("protein", single_word=True)}},
    {MAP: {"bos_token": "protein", "eos_token": token("protein", single_word=True), "mask_token": "protein"}},
    {ADDED: {"[MASK]": 200}, CONFIG: {"extra_special_tokens": ["MASK"]}}, {ADDED: {"[MASK]": 200}, CONFIG: dict(BERT, extra_special_tokens=["MASK"])},
    # names with flags, of either file
    {CONFIG: {"a_token": typed("<new1>")}, MAP: {"b_token": "<new2>"}}, {CONFIG: {"a_token": typed("protein", single_word=True)}, MAP: {"a_token": "protein"}},
    {CONFIG: {"a_token": typed("protein"), "model_specific_special_tokens": {"b": "eat"}}}, {CONFIG: {"extra_special_tokens": {}, "model_specific_special_tokens": {"b": "eat"}}},
    {MAP: {"extra_special_tokens": {"a": "eat"}, "additional_special_tokens": ["protein"]}},
    {CONFIG: {"extra_special_tokens": {"a": "eat"}, "additional_special_tokens": ["protein"]}},
    # null takes the usual token away; what has a name is special, and not normalized unless its flags say so
    {CONFIG: {"mask_token": None, "added_tokens_decoder": {"3": token("[SEP]")}}}, {CONFIG: {"mask_token": "[MASK]", "added_tokens_decoder": {"3": token("[SEP]")}}},
    {CONFIG: {"mask_token": "aprotein", "extra_special_tokens": ["protein"], "added_tokens_decoder": {"161": {"content": "aprotein"}}}},
    {TOKENIZER: written(4, "[MASK]", False), CONFIG: dict(BERT, split_special_tokens=True, mask_token="[MASK]")},
    {TOKENIZER: written(4, "[MASK]", False), CONFIG: dict(BERT, split_special_tokens=True)},
    # no token is found inside a special one that is text
    {CONFIG: dict(BERT, split_special_tokens=True, added_tokens_decoder={"161": token("MASK")})},
    # ids of tokenizer.json beyond its vocabulary give the order only
    {TOKENIZER: written(161, "<new1>"), CONFIG: {"added_tokens_decoder": {"161": token("<new2>")}}}, {TOKENIZER: written(161, "<new1>"), ADDED: {"<new2>": 5}},
    {TOKENIZER: written(161, "<new1>"), CONFIG: BERT, ADDED: {"<new2>": 5}}, {TOKENIZER: written(170, "<new1>"), CONFIG: dict(BERT, mask_token="<new2>")},
    {TOKENIZER: written(170, "<new1>")},
    # padding names the pad_token of a class that takes all of tokenizer.json
    {TOKENIZER: {"padding": PADDING}}, {TOKENIZER: {"padding": PADDING}, CONFIG: {"tokenizer_class": "PreTrainedTokenizerFast"}},
    {TOKENIZER: {"padding": PADDING}, CONFIG: dict(BERT, pad_token=None)}]]
CASES += [("xlm-roberta-mean", files) for files in [
    {CONFIG: None}, {CONFIG: None, MAP: {"bos_token": "<mask>"}}, {CONFIG: {"eos_token": "<pad>"}, MAP: {"eos_token": token("<mask>")}},
    {MAP: {"mask_token": token("<mask>", single_word=True)}}, {CONFIG: {"cls_token": "<pad>", "sep_token": "<pad>", "unk_token": "<pad>"}},
    {CONFIG: {"additional_special_tokens": ["protein"]}}, {CONFIG: {"extra_special_tokens": ["\u2581protein", "\u2581day"]}}, {CONFIG: {"mask_token": "<new1>"}},
    {CONFIG: dict(XLM, extra_special_tokens=["protein"])}, {CONFIG: dict(XLM, split_special_tokens=True)},
    {CONFIG: {"add_prefix_space": None}}]]

cases = []
for name, files in CASES:
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder) / "model"
        shutil.copytree(HERE / "models" / name, folder)
        for file, content in files.items():
            if content is None: (folder / file).unlink()
            elif file == TOKENIZER: (folder / file).write_text(json.dumps(json.loads((folder / file).read_text()) | content))
            else: (folder / file).write_text(json.dumps(content))
        tokenizer = AutoTokenizer.from_pretrained(str(folder))
        cases.append({"model": name, "files": files, "texts": [{"text": text, "ids": tokenizer(text)["input_ids"]} for text in TEXTS[name]]})
(HERE / "goldens" / "special-tokens.json").write_text("[" + ",\n".join(json.dumps(c) for c in cases) + "]\n")
