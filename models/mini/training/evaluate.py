"""Measures the model in every language of the data: names -> pictures of the unseen style, and names -> English names.

    python evaluate.py WORK FOLDER [N]

With N, the names of every Nth emoji are looked for, among the pictures and English names of all.

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
def main(work, folder, every=1):
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
    looked_for, english = everything[::int(every)], texts('en', everything)
    for locale in sorted({locale for i in names.items for locale in i['txt']}):
        which = [k for k in looked_for if locale in names.items[k]['txt']]
        if len(which) <= len(looked_for) / 2:
            continue
        vectors, right = F.normalize(texts(locale, which).float(), dim=1), torch.tensor(which)
        both = [ranks(vectors @ c.float().T, right) for c in (pictures, english)]
        rows[locale] = len(which), torch.tensor([(r < k).float().mean() for r in both for k in (1, 10)])

    def show(label, n, row):
        print(f'{label:24} {n:5} ' + ' '.join(f'{v:.3f}' for v in row.tolist()), flush=True)
    print(f'{"":24} names  picture R@1 R@10, English name R@1 R@10')
    for locale in MAIN:
        show(locale, *rows[locale])
    show('mean of these', '', torch.stack([rows[locale][1] for locale in MAIN]).mean(0))
    show(f'mean of {len(rows)} languages', '', torch.stack([row for _, row in rows.values()]).mean(0))
    for locale in sorted(rows, key=lambda locale: -rows[locale][1][1].item()):
        show(locale, *rows[locale])


if __name__ == '__main__':
    main(*sys.argv[1:])
