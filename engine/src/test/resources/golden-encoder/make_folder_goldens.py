"""Writes goldens/folders.json: the vectors of sentence-transformers 6 for folders of other shapes.

    pip install sentence-transformers
    python3 make_folder_goldens.py

Each case is a model of models/ with other files, and tensors whose names begin otherwise or which are stored in another type.
"""
import json, pathlib, shutil, tempfile
from sentence_transformers import SentenceTransformer

HERE = pathlib.Path(__file__).parent
TEXTS = ["query: how much Protein", "the protein of the guideline " * 12]
POOLING, MODULES, CONFIG, TEXT = "1_Pooling/config.json", "modules.json", "config.json", "sentence_bert_config.json"
PATHS = {"Transformer": "", "Pooling": "1_Pooling"}


def modules(*types):
    return [{"idx": i, "name": str(i), "path": PATHS.get(t.split(".")[-1], "%d_%s" % (i, t.split(".")[-1])), "type": "sentence_transformers." + t} for i, t in enumerate(types)]


def flags(*modes):
    return {POOLING: dict({"word_embedding_dimension": 32}, **{"pooling_mode_" + mode: True for mode in modes})}


def named(mode):
    return {POOLING: {"embedding_dimension": 32, "pooling_mode": mode, "include_prompt": True}}


FIRST = ["models.Transformer", "models.Pooling"]
NEWER = ["base.modules.transformer.Transformer", "sentence_transformer.modules.pooling.Pooling", "base.modules.normalize.Normalize"]
CASES = [("bert-cls", files) for files in [
    *[flags(mode) for mode in ("cls_token", "max_tokens", "mean_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken")], flags(),
    flags("lasttoken", "mean_tokens", "cls_token"), flags("weightedmean_tokens", "mean_sqrt_len_tokens", "max_tokens"),
    *[named(mode) for mode in ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken", ["mean"], ["lasttoken", "cls", "cls"])],
    {MODULES: modules(*FIRST)}, {MODULES: modules(*FIRST), **named("mean_sqrt_len_tokens")}, {MODULES: modules(*NEWER)},
    {MODULES: modules(*FIRST, "models.Dropout"), "2_Dropout/config.json": {"dropout": 0.5}}, {MODULES: modules(*FIRST, "models.Normalize", "models.Normalize")},
    {TEXT: {"max_seq_length": 8}}, {TEXT: None}, {TEXT: {"transformer_task": "feature-extraction", "module_output_name": "token_embeddings", "modality_config": {
        "text": {"method": "forward", "method_output_name": "last_hidden_state"}}}, "tokenizer_config.json": {"model_max_length": 16}}]]


def make(name, files, folder):
    shutil.copytree(HERE / "models" / name, folder)
    for file, content in files.items():
        path = folder / file
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(exist_ok=True)
        merged = content if file != CONFIG else dict(json.loads(path.read_text()), **content)
        path.write_text(json.dumps(merged))


CASES += [("bert-cls", {CONFIG: {"hidden_act": "gelu_python"}}), ("bert-cls", {CONFIG: {"layer_norm_eps": 0.001, "num_hidden_layers": 2}}),
          ("xlm-roberta-mean", named("max")), ("xlm-roberta-mean", {MODULES: modules(*NEWER[:2]), **flags("cls_token", "mean_tokens")}),
          *[("xlm-roberta-mean", {CONFIG: dict({"model_type": "roberta", "tokenizer_class": "XLMRobertaTokenizer"}, **more)}) for more in ({}, {"pad_token_id": 4})]]
cases = []
for name, files in CASES:
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder) / "model"
        make(name, files, folder)
        model = SentenceTransformer(str(folder), device="cpu")
        texts = [{"text": text, "vector": [float("%.8g" % v) for v in model.encode(text)]} for text in TEXTS]
        cases.append({"model": name, "files": files, "texts": texts})
(HERE / "goldens" / "folders.json").write_text("[" + ",\n".join(json.dumps(c) for c in cases) + "]\n")
