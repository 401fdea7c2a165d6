"""Embeds the first 500 texts with transformers' BertModel: python3 make_e5_goldens.py FOLDER_OF_E5_SMALL_V2 500

The folder is made by UnpackOnnxEncoder; the texts are those of the tokenizer's encoder-ids/texts.json.gz. Output: all numbers of
50 texts, and of the others eight sums of all numbers with fixed signs, float32 in base64. An error of one number changes every sum as much; errors
of several numbers would have to cancel in eight sums at once.
"""
import base64, gzip, json, pathlib, sys
import torch, transformers
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
folder = pathlib.Path(sys.argv[1])
texts = json.load(gzip.open(HERE / "../../../../../tokenizer/src/test/resources/encoder-ids/texts.json.gz"))[:int(sys.argv[2])]
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json")); tokenizer.no_padding(); tokenizer.enable_truncation(512)
torch.set_num_threads(1)   # threads of a busy machine wait for each other
model = transformers.BertModel.from_pretrained(folder).eval()


def signs(count):
    """Eight signs for each number: bits 24 to 31 of xorshift32 from 1 on, 1 for plus."""
    x, rows = 1, []
    for _ in range(count):
        x ^= x << 13 & 0xFFFFFFFF; x ^= x >> 17; x ^= x << 5 & 0xFFFFFFFF
        rows.append([1 if x >> 24 + bit & 1 else -1 for bit in range(8)])
    return torch.tensor(rows, dtype=torch.float64)


vectors = []
for i, text in enumerate(texts):
    with torch.no_grad(): states = model(torch.tensor([tokenizer.encode(text).ids])).last_hidden_state[0]
    vector = torch.nn.functional.normalize(states.mean(0), dim=0)
    vectors.append(base64.b64encode((vector if i < 50 else vector.double() @ signs(len(vector))).numpy().astype("<f4").tobytes()).decode())
with open(HERE / "e5-small-v2.json.gz", "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as f:
    f.write(json.dumps(vectors, separators=(",", ":")).encode())
