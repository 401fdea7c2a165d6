"""Trains the text half of the model: token embeddings and the layers that look at the text.

    python text.py WORK RUN --vision VISION_RUN [--minutes M] ...

Names and keywords in all languages are trained to come closest to the prototype of their emoji among all (cross-entropy), and close to it
(cosine), since vectors that only agree on what is closest to what need not be close to each other. The prototypes are those of VISION_RUN
(vision.py), read again when they change; without it, those of start.py.
"""

import argparse
import math
import os
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

import net
from data import Names
from learn import Learner, options, ranks, recall

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument('--vision', help='the run of vision.py')
args = options(parser, 256, .01, 2e-3)

names = Names(args.work)
N, start, model = len(names), torch.load(args.work + '/start.pt'), net.Net(names.image)
with torch.no_grad():
    model.emb.copy_(start['emb'])
matrices = ['tq', 'tkv', 'tout', 'tg', 'td']
parameters = {n: p for n, p in model.named_parameters() if n in [*matrices, 'emb', 'tnf', 'tn']}
parameters['log_scale'] = nn.Parameter(torch.tensor(math.log(20.)))
learner = Learner(args.run, parameters, matrices, [(['tn', 'tnf', 'log_scale'], 1), (['emb'], 1)], args)
P, stamp = F.normalize(start['prototypes'], dim=1), None


@torch.no_grad()
def evaluate():
    """Names as queries, prototypes as candidates, with the averaged weights."""
    current = {n: p.data.clone() for n, p in parameters.items()}
    for n, p in parameters.items():
        p.copy_(learner.average[n])
    words = []
    for locale in ('en', 'zh', 'sw', 'fi'):
        which = [k for k in range(0, N, 3) if locale in names.items[k]['txt']]
        z = names.embed(model, [names.items[k]['txt'][locale][0] for k in which], 8)
        words.append(f'{locale} {recall(ranks(z @ P.T, torch.tensor(which)))}')
    for n, p in parameters.items():
        p.copy_(current[n])
    learner.say(f'step {learner.step} R@1 R@10: ' + ' | '.join(words))


average, logged, evaluated = None, time.time(), time.time()
while learner.progress() < 1:
    file = f'{args.vision}/checkpoint.pt'
    if (stamp is None or learner.step % 40 == 0) and args.vision and os.path.exists(file) and os.path.getmtime(file) != stamp:
        stamp = os.path.getmtime(file)
        P = F.normalize(torch.load(file, mmap=True)['average']['prototypes'].clone(), dim=1)
    idx = torch.randint(0, N, (args.batch,))
    z = names.embed(model, [names.random(k) for k in idx.tolist()])
    loss = F.cross_entropy(z @ P.T * parameters['log_scale'].exp().clamp(max=60), idx, label_smoothing=.02)
    cosine = (z * P[idx]).sum(1).mean()
    learner.learn(loss - 20 * cosine)
    average = loss.item() if average is None else average * .97 + loss.item() * .03
    if learner.step % 50 == 0:
        learner.say(f'{learner.step} progress {learner.progress():.3f} loss {average:.3f} cosine {cosine:.3f} '
                    f'names/s {50 * args.batch / (time.time() - logged):.0f}')
        logged = time.time()
    if time.time() - evaluated > 200:
        evaluate(), learner.save()
        evaluated = logged = time.time()
evaluate(), learner.save()
