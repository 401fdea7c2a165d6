"""Writes tiny seeded text encoders of both types, and what transformers computes for some texts, stage by stage.

    pip install torch transformers sentencepiece protobuf
    python3 make_encoder_goldens.py

models/: bert-mean has no files of sentence-transformers, so that E5's defaults apply; bert-cls is like BGE, saved with a head, so that
names begin with "bert."; xlm-roberta-mean is like multilingual-e5, saved with a head too. goldens/: see ../golden/README.md.
"""
import base64, io, json, pathlib, shutil
import sentencepiece as spm, torch, transformers
from safetensors.torch import save_file
from sentencepiece import sentencepiece_model_pb2 as pb
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
TEXTS = [("query", "query: how much protein should a female eat"), ("passage", "passage: As a guideline, the requirement of protein is 46 grams per day."),
         ("empty", ""), ("accents", "Zw\u00f6lf  Boxk\u00e4mpfer, \u0130stanbul! 3.14 \u2014 \uff26\uff35\uff2c\uff2c caf\u00e9"), ("mixed", "\u5929\u5730 \u7384\u9ec4 \ud55c\uae00 unaffable <mask> [SEP] </s>"),
         ("long", "the protein of the guideline " * 12)]
CORPUS = [t for _, t in TEXTS] + ["protein guideline requirement female query passage day per gram grams the of a is"] * 20
# Not in the corpus: a padding token inside a text has a position of its own in XLM-RoBERTa.
PADDED = [("padding", "protein <pad> of <pad> guideline")]
LONGEST = 40


def wordpiece():
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    chars = [chr(c) for c in range(0x21, 0x7F)] + list("\u5929\u5730\u7384\u2014")
    tokens += chars + ["##" + c for c in "abcdefghijklmnopqrstuvwxyz0123456789"]
    tokens += "query passage protein female the of a is per day grams should much how eat guide ##line ##ffa ##ble require ##ment as un".split()
    vocab = {t: i for i, t in enumerate(dict.fromkeys(tokens))}
    added = [dict(id=vocab[t], content=t, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True) for t in tokens[:5]]
    special = {t: {"id": t, "ids": [vocab[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]")}
    single = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}]
    return {"version": "1.0", "truncation": {"direction": "Right", "max_length": 7, "strategy": "LongestFirst", "stride": 0}, "padding": None, "added_tokens": added,
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": {"type": "TemplateProcessing", "single": single, "pair": single, "special_tokens": special},
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocab}}


def unigram():
    rules = HERE / "rules.tsv"
    rules.write_text("".join("%X\t%X\n" % (0xFF21 + i, 0x41 + i) for i in range(26)) + "2014\t2D\n9\t20\nA0\t20\n")
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=200, model_type="unigram", hard_vocab_limit=False,
                                   normalization_rule_tsv=str(rules), num_threads=1, minloglevel=2, character_coverage=0.98)
    rules.unlink()
    proto = pb.ModelProto(); proto.ParseFromString(model.getvalue())
    vocab = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]] + [[p.piece, p.score] for p in proto.pieces[3:]] + [["<mask>", 0.0]]
    added = [dict(id=i, content=t, single_word=False, lstrip=t == "<mask>", rstrip=False, normalized=False, special=True)
             for i, t in [(0, "<s>"), (1, "<pad>"), (2, "</s>"), (3, "<unk>"), (len(vocab) - 1, "<mask>")]]
    special = {t: {"id": t, "ids": [i], "tokens": [t]} for t, i in (("<s>", 0), ("</s>", 2))}
    single = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}]
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    return {"version": "1.0", "truncation": None, "padding": {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 1, "pad_type_id": 0, "pad_token": "<pad>"}, "added_tokens": added,
            "normalizer": {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]},
            "post_processor": {"type": "TemplateProcessing", "single": single, "pair": single, "special_tokens": special},
            "decoder": metaspace, "model": {"type": "Unigram", "unk_id": 3, "vocab": vocab, "byte_fallback": False}}


def sentence_files(folder, cls):
    modules = [("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize")]
    (folder / "modules.json").write_text(json.dumps([{"idx": int(i), "name": i, "path": p, "type": "sentence_transformers.models." + t} for i, p, t in modules], indent=1))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling/config.json").write_text(json.dumps({"word_embedding_dimension": 32, "pooling_mode_cls_token": cls, "pooling_mode_mean_tokens": not cls,
                                                              "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False}, indent=1))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": LONGEST - 8, "do_lower_case": False}, indent=1))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": None}, indent=1))


def make(name, model_type, seed, cls=None):
    folder = HERE / "models" / name
    shutil.rmtree(folder, ignore_errors=True); folder.mkdir(parents=True)
    torch.manual_seed(seed)
    file = wordpiece() if model_type == "bert" else unigram()
    tokenizer = Tokenizer.from_str(json.dumps(file)); tokenizer.no_padding(); tokenizer.no_truncation()
    vocab = tokenizer.get_vocab_size()
    sizes = dict(vocab_size=vocab, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=64)
    if model_type == "bert":
        config = transformers.BertConfig(max_position_embeddings=LONGEST, pad_token_id=0, **sizes)
        with_head = transformers.BertForMaskedLM(config)
        encoder = with_head.bert
    else:
        config = transformers.XLMRobertaConfig(max_position_embeddings=LONGEST + 2, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5, **sizes)
        with_head = transformers.XLMRobertaForMaskedLM(config)
        encoder = with_head.roberta
    with_head.eval()
    with torch.no_grad():
        for key, p in with_head.named_parameters():
            p.copy_(torch.randn_like(p) * 0.25 + (1 if key.endswith("LayerNorm.weight") else 0))
    (encoder if cls is None else with_head).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(file, ensure_ascii=False))
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 512}))
    if cls is not None: sentence_files(folder, cls)
    longest = LONGEST if cls is None else LONGEST - 8
    cases, tensors = [], {}
    for id, text in TEXTS + (PADDED if model_type == "xlm-roberta" else []):
        tokenizer.enable_truncation(longest)
        ids = tokenizer.encode(text).ids
        with torch.no_grad(): states = encoder(torch.tensor([ids]), output_hidden_states=True).hidden_states
        pooled = states[-1][0, 0] if cls else states[-1][0].mean(0)
        cases.append({"id": id, "text": text, "images": [], "max_length": 0, "input_ids": ids})
        tensors[id + "/text.embed"] = states[0][0].clone()
        for i, state in enumerate(states[1:]): tensors["%s/text.layer.%d" % (id, i)] = state[0].clone()
        tensors[id + "/pooled"] = pooled.clone()
        tensors[id + "/embedding"] = torch.nn.functional.normalize(pooled, dim=0).clone()
    (HERE / "goldens").mkdir(exist_ok=True)
    (HERE / "goldens" / (name + ".json")).write_text(json.dumps({"cases": cases}, ensure_ascii=False, indent=1))
    save_file({k: v.contiguous() for k, v in tensors.items()}, HERE / "goldens" / (name + ".safetensors"))


make("bert-mean", "bert", 1)
make("bert-cls", "bert", 2, cls=True)
make("xlm-roberta-mean", "xlm-roberta", 3, cls=False)
