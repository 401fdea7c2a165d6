"""Gathers the data: about 1,850 emoji in several drawing styles, with their names and keywords in about 130 languages.

    python prep.py WORK

In: WORK/raw/PACKAGE/, the unpacked npm packages (`npm pack NAME`, `tar xzf`; the @ left out and / written as -):
    emoji-datasource-google emoji-datasource-twitter @lobehub/fluent-emoji-3d cldr-annotations-full cldr-annotations-derived-full
    @iconify-json/STYLE for each style of SETS and FLAGS (their names)
and WORK/raw/r-STYLE.raw, r-STYLE.json: the drawings of the icon sets at 128 x 128, by `node render.mjs` (see its head).
Out:
    WORK/texts.pkl          a list of {char, unified, cat, sub, txt: {locale: (name, [keywords])}}
    WORK/train_images.pt    {style: (uint8 [n, 4, 128, 128]: red, green, blue on white, and coverage; bool [n]: is there one)}
    WORK/unseen_images.pt   uint8 [n, 3, 128, 128] on white: the fluent style, which is never trained on
Needs numpy, pillow, torch.
"""

import glob
import json
import os
import pickle
import re
import sys

import numpy as np
import torch
from PIL import Image

SIDE = 128
SETS = ['noto', 'twemoji', 'emojione', 'noto-v1', 'fxemoji', 'streamline-emojis']
FLAGS = ['circle-flags', 'flag']


def on_white(image):
    image = image.convert('RGBA')
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.BICUBIC)
    alpha = np.asarray(image)[..., 3]
    ground = Image.new('RGBA', image.size, (255, 255, 255, 255))
    ground.alpha_composite(image)
    return np.concatenate([np.asarray(ground)[..., :3], alpha[..., None]], 2).transpose(2, 0, 1)


def drawing(premultiplied):
    """Rendered RGBA with premultiplied colours -> [4, SIDE, SIDE]"""
    x = premultiplied.astype(np.int32)
    rgb = x[..., :3] + (255 - x[..., 3:])
    return np.concatenate([rgb.clip(0, 255), x[..., 3:]], 2).astype(np.uint8).transpose(2, 0, 1)


def slug(name):
    name = name.lower().replace('&', ' and ').replace('#', ' hash ').replace('*', ' asterisk ').replace('’', '')
    return re.sub(r'[^a-z0-9]+', '', name)


def main(work):
    raw = work + '/raw/'
    locales = {}
    for package, folder, key in (('cldr-annotations-full', 'annotations', 'annotations'),
                                 ('cldr-annotations-derived-full', 'annotationsDerived', 'annotationsDerived')):
        for path in sorted(glob.glob(f'{raw}{package}/{folder}/*/annotations.json')):
            locales.setdefault(path.split('/')[-2], {}).update(json.load(open(path))[key].get('annotations', {}))
    fluent = {os.path.basename(p)[:-5]: p for p in glob.glob(raw + 'lobehub-fluent-emoji-3d/assets/*.webp')}

    def code(u):
        return '-'.join(x.lstrip('0') or '0' for x in u.lower().split('-'))
    fluent = {code(k).replace('-fe0f', ''): p for k, p in fluent.items()}
    items, names, fallback = [], {}, []
    for m in json.load(open(raw + 'emoji-datasource-google/emoji.json')):
        u, png = m['unified'], [f'{raw}emoji-datasource-{s}/img/{s}/64/{m["image"]}' for s in ('google', 'twitter')]
        char = ''.join(chr(int(x, 16)) for x in u.split('-'))
        picture = fluent.get(code(u).replace('-fe0f', ''))
        if not all(map(os.path.exists, png)) or picture is None or m['category'] == 'Component':
            continue
        txt = {}
        for locale, a in locales.items():
            e = a.get(char) or a.get(char.replace('\ufe0f', ''))
            if e and 'tts' in e:
                txt[locale] = (e['tts'][0], [k for k in e.get('default', []) if k != e['tts'][0]])
        if 'en' not in txt:
            continue
        k = len(items)
        items.append({'char': char, 'unified': u, 'cat': m['category'], 'sub': m['subcategory'], 'txt': txt, 'fluent': picture})
        fallback.append(png)
        for weak, name in enumerate([txt['en'][0], m['name'] or '', *m['short_names']]):
            if slug(name) and (not weak or slug(name) not in names):
                names[slug(name)] = k
        name = txt['en'][0]
        if m['category'] == 'Flags':
            country = name.removeprefix('flag: ')
            for form in (country + ' flag', 'flag for ' + country, 'flag ' + country):
                names.setdefault(slug(form), k)
            if len(u) == 11:
                names['iso-' + ''.join(chr(int(x, 16) - 0x1F1E6 + 97) for x in u.split('-'))] = k
    codes = {code(i['unified']).replace('-fe0f', ''): k for k, i in enumerate(items)}
    for prefix in ('noto', 'twemoji'):  # these sets give code points, so their names for older sets too
        for u, name in json.load(open(f'{raw}iconify-json-{prefix}/chars.json')).items():
            k = codes.get(code(u).replace('-fe0f', ''))
            if k is not None:
                names.setdefault(slug(name), k)
    out = {}
    for style in SETS + FLAGS:
        pixels, has = np.zeros((len(items), 4, SIDE, SIDE), np.uint8), np.zeros(len(items), bool)
        frames = np.memmap(f'{raw}r-{style}.raw', np.uint8, 'r').reshape(-1, SIDE, SIDE, 4)
        aliases = {}
        path = f'{raw}iconify-json-{style}/icons.json'
        for name, entry in json.load(open(path)).get('aliases', {}).items():
            aliases.setdefault(entry['parent'], []).append(name)
        for name, at in json.load(open(f'{raw}r-{style}.json')):
            if style in FLAGS:
                k = names.get('iso-' + name.removesuffix('-4x3'))
            else:
                forms = [name, re.sub(r'-\d$', '', name), *aliases.get(name, [])]
                k = next((names[slug(f)] for f in forms if slug(f) in names), None)
            if k is not None and not has[k]:
                pixels[k], has[k] = drawing(frames[at]), True
        if style in ('noto', 'twemoji'):
            for k in np.flatnonzero(~has):
                pixels[k], has[k] = on_white(Image.open(fallback[k][style == 'twemoji'])), True
        out[style] = torch.from_numpy(pixels), torch.from_numpy(has)
        print(style, int(has.sum()))
    torch.save(torch.from_numpy(np.stack([on_white(Image.open(i.pop('fluent')))[:3] for i in items])), work + '/unseen_images.pt')
    torch.save(out, work + '/train_images.pt')
    pickle.dump(items, open(work + '/texts.pkl', 'wb'))
    print(len(items), 'emoji,', sum(len(i['txt']) for i in items), 'names')


if __name__ == '__main__':
    main(sys.argv[1])
