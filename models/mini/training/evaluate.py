"""Measures the model in every language of the data: names -> pictures of the unseen style, and names -> English names.

    python evaluate.py WORK FOLDER

In: texts.pkl and unseen_images.pt of prep.py; FOLDER, as export.py writes it. The same as `mme5 evaluate` on ../evaluation.jsonl and
../evaluation-names.jsonl, in about 140 languages instead of ten, with one difference: pictures have all their colours.
Of emoji with the same name in a language, the one that is meant must be found. Needs safetensors.
"""

import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

import net
from data import MAIN, MEAN, STD, Names
from learn import ranks

BF = torch.bfloat16


@torch.no_grad()
def main(work, folder):
    torch.set_num_threads(1)
    names, unseen = Names(work), torch.load(work + '/unseen_images.pt', mmap=True)
    model, prompt, pictures = net.Net(names.image), names.picture_prompt(), []
    model.load_checkpoint(load_file(folder + '/model.safetensors'))
    for part in unseen.split(64):
        states = model.project(model.vision(net.patches(net.cut((part.float() - MEAN) / STD, 6)), 6, None, BF), BF)
        pictures.append(model.text(prompt, torch.full((len(part),), prompt.shape[1]), states, BF))
    pictures = torch.cat(pictures)

    def texts(locale, which):
        return names.embed(model, [names.items[k]['txt'][locale][0] for k in which], 16)
    everything, rows = list(range(len(names))), {}
    english = texts('en', everything)
    for locale in sorted({locale for i in names.items for locale in i['txt']}):
        which = [k for k in everything if locale in names.items[k]['txt']]
        vectors, right = texts(locale, which), torch.tensor(which)
        both = [ranks(F.normalize(vectors.float(), dim=1) @ c.float().T, right) for c in (pictures, english)]
        rows[locale] = torch.tensor([(r < k).float().mean() for r in both for k in (1, 10)])
        rows[locale, 'n'] = len(which)

    def show(label, n, row):
        print(f'{label:24} {n:5} ' + ' '.join(f'{v:.3f}' for v in row.tolist()), flush=True)
    print(f'{"":24} names  picture R@1 R@10, English name R@1 R@10')
    for locale in MAIN:
        show(locale, rows[locale, 'n'], rows[locale])
    show('mean of these', '', torch.stack([rows[locale] for locale in MAIN]).mean(0))
    every = [locale for locale in rows if isinstance(locale, str) and rows[locale, 'n'] > len(names) / 2]
    show(f'mean of {len(every)} languages', '', torch.stack([rows[locale] for locale in every]).mean(0))
    for locale in sorted(every, key=lambda locale: -rows[locale][1].item()):
        show(locale, rows[locale, 'n'], rows[locale])


if __name__ == '__main__':
    main(*sys.argv[1:])
