"""Trains the picture half of the model: vision tower, projector, the cross-attention layers, and the prototypes.

    python vision.py WORK RUN --text TEXT_RUN [--minutes M] [--whole P] ...

Every emoji has a prototype, a point on the unit sphere (start.py). Pictures are trained to come closest to that of their emoji among all
(cross-entropy), both as the model's vectors and, which teaches the vision tower sooner, as the mean of the projected vision states;
and every prototype of a batch to come closest to its picture among those of the batch, which is what a search asks for.
The layers that the text half trains (text.py) are taken from TEXT_RUN and left as they are; they are read again when they change. When
the text half is done, the mean vectors of the names take the place of the prototypes (`--freeze`).
Pictures are mostly 128 x 128 (2 x 2 tiles) with `--kept` of their 64 patches; all of them from progress `--whole` on.
"""

import argparse
import math
import os
import random
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

import net
from data import MAIN, MEAN, STD, Names, Pictures
from learn import Learner, options, ranks, recall

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument('--text', help='the run of text.py')
parser.add_argument('--kept', type=int, default=24)
parser.add_argument('--whole', type=float, default=.8)
parser.add_argument('--strength', type=float, default=.5, help='of the random changes of pictures')
parser.add_argument('--freeze', type=float, default=.75, help='from here on the prototypes are the mean vectors of the names')
args = options(parser, 128, .015, 1.5e-3)

names = Names(args.work)
N, prompt, BF = len(names), names.picture_prompt(), torch.bfloat16
pictures = Pictures(args.work, names.items)
start = torch.load(args.work + '/start.pt')
model = net.Net(names.image)
with torch.no_grad():
    model.emb.copy_(start['emb']), model.patch.copy_(start['patch'])
    model.qkv[:, 1] = model.qkv[:, 0]  # attention to what is alike, and so to what is near
TEXT = [n for n, _ in model.named_parameters() if n in ('emb', 'tnf') or n in {'t' + k for k in ('q', 'kv', 'out', 'g', 'd', 'n')}]
parameters = {n: p for n, p in model.named_parameters() if n not in TEXT}
parameters.update(prototypes=nn.Parameter(start['prototypes']), log_scale=nn.Parameter(torch.tensor(math.log(16.))))
matrices = [n for n in parameters if n in ('qkv', 'o', 'fc1', 'fc2', 'proj', 'xq', 'xkv', 'xout', 'xg', 'xd')]
slow = ['prototypes', 'log_scale']
learner = Learner(args.run, parameters, matrices, [([n for n in parameters if n not in matrices + slow], 1), (slow, .3)], args)
text_stamp, frozen = None, False


def read_text():
    global text_stamp
    file = f'{args.text}/checkpoint.pt'
    if args.text and os.path.exists(file) and os.path.getmtime(file) != text_stamp:
        text_stamp, average = os.path.getmtime(file), torch.load(file, mmap=True)['average']
        with torch.no_grad():
            for n in TEXT:
                getattr(model, n).copy_(average[n])


@torch.no_grad()
def freeze():
    """Puts the mean vectors of the names in ten languages in the place of the prototypes."""
    total = 0
    for locale in MAIN:
        total = total + names.embed(model, [i['txt'][locale][0] for i in names.items], 16)
    for p in (parameters['prototypes'], learner.average['prototypes']):
        p.copy_(F.normalize(total.float(), dim=1))


def losses(idx, px, rid, keep):
    c = model.project(model.vision(px, rid, keep, BF), BF)
    scale, P = parameters['log_scale'].exp().clamp(max=60), F.normalize(parameters['prototypes'], dim=-1)
    P = P.detach() if frozen else P
    vectors = model.text(prompt, torch.full((len(idx),), prompt.shape[1]), c, BF), F.normalize(c.float().mean(1), dim=-1)
    found = F.cross_entropy(P[idx] @ vectors[0].T * scale, torch.arange(len(idx)))
    return [*(F.cross_entropy(z @ P.T * scale, idx, label_smoothing=.05) for z in vectors), found]


@torch.no_grad()
def evaluate():
    """Prototypes as queries, whole pictures as candidates, with the averaged weights."""
    current = {n: p.data.clone() for n, p in parameters.items()}
    for n, p in parameters.items():
        p.copy_(learner.average[n])
    words = []
    for name, x in (('unseen style', unseen), ('noto', pictures.bank[pictures.at[:, 0]])):
        out = []
        for part in x.split(64):
            c = model.project(model.vision(net.patches(net.cut((part.float() - MEAN) / STD, 6)), 6, None, BF), BF)
            vectors = model.text(prompt, torch.full((len(c),), prompt.shape[1]), c, BF)
            out.append(torch.stack([vectors, F.normalize(c.float().mean(1), dim=-1)]))
        both = [F.normalize(parameters['prototypes'], dim=-1) @ z.T for z in torch.cat(out, 1)]
        words.append(f'{name} R@1 R@10: {recall(ranks(both[0], torch.arange(N)))}, mean state {recall(ranks(both[1], torch.arange(N)))}')
    for n, p in parameters.items():
        p.copy_(current[n])
    learner.say(f'step {learner.step} ' + ' | '.join(words))


unseen = torch.load(args.work + '/unseen_images.pt', mmap=True)  # only looked at by evaluate
average, seen, logged, evaluated = None, 0, time.time(), time.time()
read_text()
while learner.progress() < 1:
    p, idx, r = learner.progress(), torch.randperm(N)[:args.batch], random.random()
    rid = 6 if r < .9 else 1 if r < .96 else random.choice([2, 3, 4, 5, 7, 8])
    px, keep = pictures.batch(idx, rid, 64 if p >= args.whole else args.kept, min(1, learner.step / 300) * args.strength + .1)
    if p >= args.freeze and not frozen:
        frozen = True
        read_text(), freeze()
    each = losses(idx, px, rid, keep)
    learner.learn(each[0] + .4 * each[1] + .5 * each[2])
    now = torch.stack([*each, parameters['log_scale'].exp()]).detach()
    average, seen = now if average is None else average.lerp(now, .03), seen + len(idx)
    if learner.step % 50 == 0:
        learner.say(f'{learner.step} progress {p:.3f} losses: vectors {average[0]:.3f} mean state {average[1]:.3f} '
                    f'found {average[2]:.3f} scale {average[3]:.1f} pictures/s {seen / (time.time() - logged):.0f}')
        seen, logged = 0, time.time()
        if not frozen:
            read_text()
    if time.time() - evaluated > 240:
        evaluate(), learner.save()
        evaluated = logged = time.time()
        seen = 0
evaluate(), learner.save()
