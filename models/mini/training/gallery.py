"""Writes the pictures of the unseen style and what is measured on them.

    python gallery.py WORK

In: WORK/raw and WORK/texts.pkl of prep.py. Out, beside the folder of this file:
    gallery/*.png              about 200 pictures, 128 x 128 on white
    gallery/names.json         {file: {language: name}} in ten languages
    evaluation/*.png           the others, in 64 colours
    evaluation.jsonl           for `mme5 evaluate`: names in ten languages as queries, all pictures as candidates
    evaluation-keywords.jsonl  the same with keywords that training has not shown in that language: of emoji whose keywords are kept back,
                               and of no other
    evaluation-names.jsonl     names in the other languages as queries, English names as candidates
Needs pillow.
"""

import glob
import json
import os
import pickle
import random
import re
import sys
from pathlib import Path

from PIL import Image

from data import MAIN, held

SIDE, MODEL = 128, Path(__file__).resolve().parent.parent
SHARES = {'Animals & Nature': 45, 'Food & Drink': 45, 'Travel & Places': 40, 'Objects': 40, 'Activities': 20, 'Smileys & Emotion': 15}
ALWAYS = {'red apple', 'cat', 'cat face', 'airplane', 'dog', 'sun', 'bicycle', 'red heart', 'umbrella', 'snowman'}


def code(unified):
    return '-'.join(x.lstrip('0') or '0' for x in unified.lower().split('-')).replace('-fe0f', '')


def file_name(item):
    name = re.sub(r'[^a-z0-9]+', '-', item['txt']['en'][0].lower().replace('’', '')).strip('-')
    return (name or code(item['unified'])) + '.png'


def on_white(path):
    image = Image.open(path).convert('RGBA').resize((SIDE, SIDE), Image.BICUBIC)
    ground = Image.new('RGBA', image.size, (255, 255, 255, 255))
    ground.alpha_composite(image)
    return ground.convert('RGB')


def chosen(items):
    """Which emoji make up the gallery."""
    draw, out = random.Random(5), set()
    for category, share in SHARES.items():
        of = [k for k, i in enumerate(items) if i['cat'] == category]
        always = [k for k in of if items[k]['txt']['en'][0] in ALWAYS]
        rest = [k for k in of if k not in always]
        out.update(always + draw.sample(rest, share - len(always)))
    return out


def write_lines(name, lines):
    with open(MODEL / name, 'w', encoding='utf-8', newline='\n') as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False, separators=(',', ':')) + '\n')


def queries(texts_of):
    """texts_of: {language: {text: [candidate]}}"""
    for language, texts in texts_of.items():
        for number, (text, relevant) in enumerate(texts.items(), 1):
            yield {'query': f'{language}-{number}', 'text': text, 'relevant': relevant, 'group': language}


def main(work):
    items = pickle.load(open(work + '/texts.pkl', 'rb'))
    drawings = {code(os.path.basename(p)[:-5]): p for p in glob.glob(work + '/raw/lobehub-fluent-emoji-3d/assets/*.webp')}
    gallery, names, pictures, ids = chosen(items), {}, [], []
    for folder in ('gallery', 'evaluation'):
        (MODEL / folder).mkdir(exist_ok=True)
        for old in (MODEL / folder).glob('*.png'):
            old.unlink()
    for k, item in enumerate(items):
        file, image = file_name(item), on_white(drawings[code(item['unified'])])
        if file in {i + '.png' for i in ids}:
            file = f'{file[:-4]}-{code(item["unified"])}.png'
        folder = 'gallery' if k in gallery else 'evaluation'
        if k in gallery:
            names[file] = {locale: item['txt'][locale][0] for locale in MAIN}
        else:
            image = image.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        image.save(MODEL / folder / file, optimize=True)
        ids.append(file[:-4])
        pictures.append({'candidate': file[:-4], 'images': [f'{folder}/{file}']})
    with open(MODEL / 'gallery' / 'names.json', 'w', encoding='utf-8', newline='\n') as out:
        out.write(json.dumps(dict(sorted(names.items())), ensure_ascii=False, indent=1) + '\n')

    by_name, by_keyword = {locale: {} for locale in MAIN}, {locale: {} for locale in MAIN}
    for locale in MAIN:
        shown = {w for k, i in enumerate(items) for w in (i['txt'][locale][:1] if held(k) else [i['txt'][locale][0], *i['txt'][locale][1]])}
        for k, item in enumerate(items):
            name, keywords = item['txt'][locale]
            by_name[locale].setdefault(name, []).append(ids[k])
            for word in keywords if held(k) else []:
                if word not in shown:
                    by_keyword[locale].setdefault(word, []).append(ids[k])
    write_lines('evaluation.jsonl', [*pictures, *queries(by_name)])
    write_lines('evaluation-keywords.jsonl', [*pictures, *queries(by_keyword)])
    english = [{'candidate': i, 'text': item['txt']['en'][0]} for i, item in zip(ids, items)]
    write_lines('evaluation-names.jsonl', [*english, *queries({locale: by_name[locale] for locale in MAIN if locale != 'en'})])
    print(len(names), 'pictures in the gallery,', len(pictures), 'in all;', sum(map(len, by_keyword.values())), 'keywords')


if __name__ == '__main__':
    main(sys.argv[1])
