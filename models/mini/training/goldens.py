"""Writes ../goldens.jsonl, for `mme5 verify`: 50 texts and 50 pictures with the vectors that transformers computes in its original
semantics (docs/reference/make_fixtures.py says which).

    python goldens.py

In: the model folder beside the folder of this file, its gallery. Out: ../goldens.jsonl, ../goldens/*.png (ten oblong pictures).
Needs torch, transformers 5, pillow before 12.
"""

import json
import os
import sys
from pathlib import Path

import torch
from PIL import Image

MODEL = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(MODEL.parent.parent / 'docs' / 'reference'))

import make_fixtures as reference  # noqa: E402

LANGUAGES = ['en', 'de', 'fr', 'es', 'ru', 'ar', 'hi', 'zh', 'ja', 'sw']
FIND = 'Find me an everyday image that matches the given caption: {}.\n'
OBLONG = [(96, 40), (40, 96), (180, 60), (60, 180), (256, 64), (64, 256), (50, 50), (30, 200), (300, 20), (128, 100)]


def oblong(files, folder):
    """Strips of gallery pictures in sizes that take every arrangement of tiles."""
    folder.mkdir(exist_ok=True)
    for (width, height), file in zip(OBLONG, files):
        image = Image.open(MODEL / file).convert('RGB')
        side, strip = min(width, height), Image.new('RGB', (width, height), (255, 255, 255))
        small = image.resize((side, side), Image.BICUBIC)
        for at in range(0, max(width, height), side):
            strip.paste(small, (at, 0) if width > height else (0, at))
        strip.quantize(64, dither=Image.Dither.NONE).save(folder / f'{width}x{height}.png', optimize=True)
        yield f'goldens/{width}x{height}.png'


def inputs():
    names = json.loads((MODEL / 'gallery' / 'names.json').read_text(encoding='utf-8'))
    files = list(names)[::4]
    for number in range(50):
        language = LANGUAGES[number % 10]
        name = names[files[number]][language]
        yield {'id': f'text-{number + 1}-{language}', 'prompt': FIND.format(name) if number % 3 == 2 else name}
    pictures = [f'gallery/{f}' for f in list(names)[2::4]][:40]
    pictures += oblong(pictures, MODEL / 'goldens')
    for picture in pictures:
        yield {'id': Path(picture).stem, 'prompt': '<|image|><|begin_of_text|>Represent the given image.\n', 'images': [picture]}


def main():
    reference.patch_intermediate_states()
    tokenizer = reference.PreTrainedTokenizerFast.from_pretrained(MODEL)
    settings = json.loads((MODEL / 'preprocessor_config.json').read_text())
    settings.pop('image_processor_type')
    processor = reference.MllamaProcessor(image_processor=reference.MllamaImageProcessorPil(**settings), tokenizer=tokenizer)
    model, loading = reference.MllamaForConditionalGeneration.from_pretrained(
        MODEL, dtype=torch.float32, attn_implementation='eager', output_loading_info=True)
    assert set(loading['missing_keys']) <= {'lm_head.weight'} and not loading['unexpected_keys'], loading
    model.eval()
    lines = []
    for line in inputs():
        images = [Image.open(MODEL / i) for i in line.get('images', [])]
        x = processor(text=line['prompt'], images=[images] if images else None, return_tensors='pt')
        lines.append({**line, 'embedding': reference.embed(model, x)[1].tolist()})
    with open(MODEL / 'goldens.jsonl.tmp', 'w', encoding='utf-8', newline='\n') as out:
        for line in lines:
            line['embedding'] = [float(f'{v:.9g}') for v in line['embedding']]
            out.write(json.dumps(line, ensure_ascii=False, separators=(',', ':')) + '\n')
    os.replace(MODEL / 'goldens.jsonl.tmp', MODEL / 'goldens.jsonl')
    print(len(lines), 'goldens')


if __name__ == '__main__':
    main()
