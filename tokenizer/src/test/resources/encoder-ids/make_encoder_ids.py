"""Writes the golden ids of WordPiece and Unigram tokenizers, by the tokenizers library.

    pip install tokenizers sentencepiece
    python3 make_encoder_ids.py E5_TOKENIZER_JSON REPOSITORY

E5_TOKENIZER_JSON is that of intfloat/e5-small-v2. The Unigram is trained here, on the pages of the repository and the sentences
below, with SentencePiece's own character map nmt_nfkc, and converted as transformers converts XLM-RoBERTa. Output, all gzipped:
unigram.json.gz (the tokenizer), unigram-bytes.json.gz (one with byte fallback and the old fields of Metaspace), texts.json.gz,
and ids-NAME.json.gz for each, lists of ids with special tokens.
"""
import base64, gzip, io, json, pathlib, random, sys
import sentencepiece as spm
from sentencepiece import sentencepiece_model_pb2 as pb
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
SENTENCES = """The quick brown fox jumps over the lazy dog.
query: how much protein should a female eat
passage: As a general guideline, the CDC's average requirement of protein for women ages 19 to 70 is 46 grams per day.
Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.
Voix ambiguë d'un cœur qui, au zéphyr, préfère les jattes de kiwis.
El veloz murciélago hindú comía feliz cardillo y kiwi.
Съешь же ещё этих мягких французских булок, да выпей чаю.
Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία. ΟΔΥΣΣΕΥΣ
いろはにほへと ちりぬるを わかよたれそ つねならむ カタカナ ﾊﾝｶｸ ㍿ ㌔
天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。
다람쥐 헌 쳇바퀴에 타고파. 한글
نص حكيم له سر قاطع وذو شأن عظيم
ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश क्षत्रिय
เป็นมนุษย์สุดประเสริฐเลิศคุณค่า
Pijamalı hasta yağız şoföre çabucak güvendi. İSTANBUL ıIiİ
Ngày mai trời lại sáng, đường phố đông vui.
👩‍👩‍👧‍👦 👍🏽 🇩🇪🇫🇷 ❤️ emoji ☕︎
don't can't I'm you've we're he'll O'Neill rock'n'roll
x = 3.14 * (y**2) != z && foo_bar[42] -> "str" #!/bin/sh
https://example.org/a?b=c&d=%20 user@example.com
ﬁ ﬂ ﬀ ½ ² ③ ™ Ⅳ ｆｕｌｌ ｗｉｄｔｈ １２３ Å Å e\u0301 é
\t tabs\tand\nlines\r\n\r\nmore\u00a0nbsp\u2003em\u200bzw\u00ad soft
<s> </s> [CLS] [SEP] [MASK] <mask> <unk> <pad> [UNK]""".split("\n")
EXTRA = ["", " ", "  ", "a", "\u2581", "\u2581\u2581a \u2581", "a  b   c", " lead", "trail ", "\x00", "a\x00b", "\ufffd", "\x0b\x0c\x85x",
         "a" * 101, "a" * 100, "ä" * 101, "##ing", "a##b", "\u0301", "a\u0301\u0327", "\u1100\u1161\u11a8", "ǅ ǆ", "ẞß", "\u0130",
         "क्षि", "\r\n", "\u200d", "x <mask> y", "a[MASK]b", "<s>x</s>", "𠀀 𪜀 𫠠 𫤠", "𝒜𝓑", "\U000e0001x", "\ue000"]
BLOCKS = [(0x20, 0x7F)] * 8 + [(0xA0, 0x250)] * 3 + [(0x250, 0x590), (0x590, 0x700), (0x700, 0x1100), (0x900, 0xE00), (0x1100, 0x1200),
          (0x1200, 0x2000), (0x1E00, 0x2000), (0x2000, 0x2C00), (0x2000, 0x2100), (0x2C00, 0x3100), (0x3000, 0x3400), (0x4E00, 0x5200),
          (0xA000, 0xAC00), (0xAC00, 0xB000), (0xF900, 0x10000), (0xFF00, 0x10000), (0x10000, 0x12000), (0x1D000, 0x1E000),
          (0x1F000, 0x1FB00), (0x300, 0x370), (0x20000, 0x20100)]


def texts(words):
    r = random.Random(21)
    out = SENTENCES + EXTRA
    while len(out) < 500:
        out.append("".join(r.choice(words) + r.choice([" ", " ", " ", "", "  ", ", ", ".", "-", "\n"]) for _ in range(r.randint(1, 30))))
    while len(out) < 1200:
        s = ""
        for _ in range(r.randint(1, 12)):
            a, b = r.choice(BLOCKS)
            s += "".join(chr(c) for c in (r.randrange(a, b) for _ in range(r.randint(1, 6))) if not 0xD800 <= c < 0xE000)
            if r.random() < 0.3: s += chr(r.randrange(0x300, 0x340))
            if r.random() < 0.4: s += r.choice([" ", r.choice(words)])
        out.append(s)
    return out


def unigram(corpus, byte_fallback):
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(sentence_iterator=iter(corpus), model_writer=model, vocab_size=2000, model_type="unigram",
                                   byte_fallback=byte_fallback, character_coverage=0.98, num_threads=1, minloglevel=2,
                                   normalization_rule_name="nmt_nfkc", hard_vocab_limit=False, max_sentence_length=100000)
    proto = pb.ModelProto(); proto.ParseFromString(model.getvalue())
    vocab = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]] + [[p.piece, p.score] for p in proto.pieces[3:]] + [["<mask>", 0.0]]
    added = [dict(id=i, content=t, single_word=False, lstrip=t == "<mask>", rstrip=False, normalized=False, special=True)
             for i, t in [(0, "<s>"), (1, "<pad>"), (2, "</s>"), (3, "<unk>"), (len(vocab) - 1, "<mask>")]]
    pre = [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True}] if byte_fallback else None
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    charsmap = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()}
    collapse = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
            "normalizer": charsmap if byte_fallback else {"type": "Sequence", "normalizers": [charsmap, collapse]},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": pre} if pre else metaspace,
            "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": True}
            if byte_fallback else
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
             "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
             "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}},
            "decoder": metaspace, "model": {"type": "Unigram", "unk_id": 3, "vocab": vocab, "byte_fallback": byte_fallback}}


def write(name, value):
    with open(HERE / (name + ".json.gz"), "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as f:
        f.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def main():
    corpus = []
    for page in sorted(pathlib.Path(sys.argv[2]).glob("docs/*.md")): corpus += [l for l in page.read_text().split("\n") if l.strip()]
    corpus += SENTENCES * 3
    words = sorted({w for line in corpus for w in line.split()})
    cases = texts(words)
    write("texts", cases)
    files = {"e5-small-v2": json.load(open(sys.argv[1])), "unigram": unigram(corpus, False), "unigram-bytes": unigram(corpus, True)}
    for name, file in files.items():
        if name != "e5-small-v2": write(name, file)
        tokenizer = Tokenizer.from_str(json.dumps(file))
        if "Unigram" in json.dumps(file["model"])[:40]:
            print(name, len(file["model"]["vocab"]), "scores changed:", json.loads(tokenizer.to_str())["model"]["vocab"] != file["model"]["vocab"])
        tokenizer.no_truncation(); tokenizer.no_padding()
        write("ids-" + name, [tokenizer.encode(t).ids for t in cases])


main()
