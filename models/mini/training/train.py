"""Trains the small Mllama embedding model on the data of prep.py and tok.py, on a CPU, for as long as told.

usage: train.py WORK RUN --minutes M     (resumes from RUN/checkpoint.pt when there is one; M counts from now)

Every emoji has a prototype, a point on the unit sphere. Pictures and names are trained to come closest to the prototype of their
emoji among all (cross-entropy over 1,852), which lets the two towers learn side by side without large batches. Prototypes and token
embeddings start from a singular value decomposition of the (token, emoji) table of all names, the patch embedding from principal
components of patches. Matrices are stepped with Muon, the rest with AdamW; the weights kept are an exponential average.
Pictures are mostly 128 x 128 (2 x 2 tiles) with a random part of their 64 patches; at the end they are whole.
"""
import argparse
import math
import os
import pickle
import random
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from tokenizers import Tokenizer

import net
from net import RATIOS, S, Net

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument('work')
parser.add_argument('run')
parser.add_argument('--minutes', type=float, default=60)
parser.add_argument('--from', dest='begin', type=float, default=0, help='where in the schedule to begin, 0 to 1 (when resuming)')
parser.add_argument('--batch', type=int, default=128)
parser.add_argument('--parts', type=int, default=4, help='a batch is computed in so many parts')
parser.add_argument('--threads', type=int, default=2)
parser.add_argument('--muon', type=float, default=.012)
parser.add_argument('--adam', type=float, default=1.5e-3)
parser.add_argument('--decay', type=float, default=.55, help='the learning rate falls linearly to 0 from here on')
parser.add_argument('--whole', type=float, default=.8, help='pictures are whole from here on')
args = parser.parse_args()
W, CHECKPOINT = args.work + '/', args.run + '/checkpoint.pt'
os.makedirs(args.run, exist_ok=True)
torch.set_num_threads(1)
torch.set_flush_denormal(True)
torch.manual_seed(1), random.seed(1), np.random.seed(1)
DT = torch.bfloat16

items = pickle.load(open(W + 'texts.pkl', 'rb'))
N = len(items)
for k, item in enumerate(items):
    item['held'] = k % 10 == 0  # its keywords are never shown
tok = Tokenizer.from_file(W + 'tokenizer.json')
BOS, IMG, PAD = (tok.token_to_id(t) for t in ('<|begin_of_text|>', '<|image|>', '<|finetune_right_pad_id|>'))
data = torch.load(W + 'train_images.pt')  # the unseen style is in another file, which is read by evaluate.py only
STYLES = {'noto': 1, 'twemoji': 1, 'openmoji': .7, 'emojione': 1, 'blob': .8, 'noto2': .5, 'fxemoji': 1.2, 'streamline': 1.2}
NAMES = list(STYLES)
weight = torch.stack([data[s][1] for s in NAMES], 1).float() * torch.tensor(list(STYLES.values()))
keep_side = torch.tensor([i['cat'] in ('Flags', 'Symbols') or 'left' in i['txt']['en'][0] or 'right' in i['txt']['en'][0] for i in items])
MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1) * 255
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(1, 3, 1, 1) * 255
MAIN = ['en', 'de', 'fr', 'es', 'ru', 'ar', 'hi', 'zh', 'ja', 'sw']
MORE = ['it', 'pt', 'ko', 'tr', 'pl', 'nl', 'sv', 'vi', 'id', 'th', 'fa', 'he', 'el', 'cs', 'uk', 'bn']
FIND, REPRESENT = 'Find me an everyday image that matches the given caption: {}.\n', 'Represent the given image.\n'

model = Net(IMG)
prototypes = nn.Parameter(torch.randn(N, net.H) * .05)
log_scale = nn.Parameter(torch.tensor(math.log(20.)))


def warm_start():
    import scipy.sparse as sp
    from scipy.sparse.linalg import svds
    rows, columns, values = [], [], []

    def count(ids, k, v):
        rows.extend(ids), columns.extend([k] * len(ids)), values.extend([v] * len(ids))
    for k, item in enumerate(items):
        for name, keywords in item['txt'].values():
            count(tok.encode(name).ids + tok.encode(' ' + name).ids, k, 1.)
            for w in [] if item['held'] else keywords:
                count(tok.encode(w).ids, k, .3)
    M = sp.coo_matrix((values, (rows, columns)), shape=(IMG + 8, N)).tocsr()
    df = np.asarray((M > 0).sum(1)).ravel()
    idf = np.where(df > 0, np.log(N / np.maximum(df, 1)), 0)
    M = sp.diags(idf) @ M.log1p()
    M = M @ sp.diags(1 / np.maximum(np.sqrt(np.asarray(M.multiply(M).sum(0)).ravel()), 1e-6))
    U, s, Vt = svds(M.astype(np.float32), k=net.H)
    E, Q = (torch.tensor((m * np.sqrt(s)).copy()).float() for m in (U, Vt.T))
    with torch.no_grad():
        E /= E.norm(dim=1, keepdim=True).clamp_min(1e-3).pow(.7)
        model.emb.copy_(torch.where((torch.tensor(df) > 0)[:, None], E / E.std() * .3, model.emb))
        prototypes.copy_(F.normalize(Q, dim=1) * .7)
        x = torch.cat([data[s][0][data[s][1]][::8] for s in ('noto', 'twemoji', 'emojione')]).float()
        q = ((x - MEAN) / STD).unfold(2, 16, 16).unfold(3, 16, 16).permute(0, 2, 3, 1, 4, 5).reshape(-1, 768)
        q = q[q.std(1) > .1]
        q = q[torch.randperm(len(q))[:30000]]
        _, s, V = torch.linalg.svd(q - q.mean(0), full_matrices=False)
        model.patch.copy_(V[:net.D] / (s[:net.D, None] / len(q) ** .5 + .3) * .5)


# ------------------------------------------------------------------------------------------------ pictures
GRID = F.affine_grid(torch.eye(2, 3)[None], (1, 3, 128, 128), align_corners=False).reshape(-1, 2)
GRID = torch.cat([GRID, torch.ones(len(GRID), 1)], 1)
INNER = torch.stack(torch.meshgrid(torch.arange(16.), torch.arange(16.), indexing='ij'), -1).view(256, 2) / 64 - .125
CENTRES = {r: net.patch_centres(r) for r in range(1, 9)}
GREY, ROTATE, ONE = torch.full((3, 3), 1 / 3), torch.tensor([[0, -1., 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3), torch.eye(3)


def spread(*shape):
    return torch.rand(*shape) - .5


def pictures(idx):
    """One drawing of each emoji; every fifth is a blend of two styles."""
    def draw(which):
        styles = torch.multinomial(weight[which], 1)[:, 0].tolist()
        return torch.stack([data[NAMES[s]][0][i] for s, i in zip(styles, which.tolist())]).float()
    x = draw(idx)
    mix = (torch.rand(len(idx)) < .2).nonzero()[:, 0]
    if len(mix):
        x[mix] = torch.lerp(x[mix], draw(idx[mix]), torch.rand(len(mix), 1, 1, 1) * .7)
    return x


def geometry(x, idx, a):
    """Random affine maps on a white ground, some mirrored, some blurred; a: strength 0 to 1."""
    n = len(x)
    angle, scale, aspect = spread(n) * .5 * a, torch.exp((spread(n) + .12) * .5 * a), torch.exp(spread(n) * .35 * a)
    tx, ty, shear = spread(n) * .22 * a, spread(n) * .22 * a, spread(n) * .3 * a
    c, s = torch.cos(angle), torch.sin(angle)
    side = torch.where((torch.rand(n) < .15) & ~keep_side[idx], -1., 1.)
    th = torch.stack([torch.stack([c * scale * aspect * side, (-s + shear) * scale, tx], 1), torch.stack([s * scale * side, c * scale / aspect, ty], 1)], 1)
    x = F.grid_sample(x - 255, (GRID @ th.transpose(1, 2)).view(n, 128, 128, 2), mode='bilinear', padding_mode='zeros', align_corners=False) + 255
    for k, share in ((3, .25), (5, .1)):
        b = (torch.rand(n) < share * a).nonzero()[:, 0]
        if len(b):
            x[b] = F.avg_pool2d(x[b], k, 1, k // 2, count_include_pad=False)
    return x


def colour(p, rid, keep, a):
    """p [n, patches, 768], 0 to 255: hue, saturation, contrast, mixed channels and a slope of light; the white ground mostly stays
    white. Returns normalised patches."""
    n, K = p.shape[:2]
    x = p.view(n, K, 3, 256)
    hue = (torch.randn(n) * .25 * a)[:, None, None]
    turn = torch.cos(hue) * ONE + (1 - torch.cos(hue)) * GREY + torch.sin(hue) * ROTATE
    sat = ((1 + torch.randn(n) * .3 * a).clamp(0, 2) * (torch.rand(n) > .05).float())[:, None, None]
    m = (ONE + torch.randn(n, 3, 3) * .1 * a) @ turn @ (sat * ONE + (1 - sat) * GREY) * (1 + torch.randn(n, 1, 1) * .15 * a)
    ink = (255 - x.amin(2, keepdim=True)).mul_(4 / 255).clamp_(max=1)
    slope = torch.randn(n, 2, 1) * .22 * a
    at = CENTRES[rid][None] if keep is None else CENTRES[rid][keep]
    light = (1 + torch.randn(n, 1, 1) * .1 * a + at @ slope + (INNER[None] @ slope).transpose(1, 2))[:, :, None]
    y = torch.matmul(m[:, None], x - 128) * light + (light - 1) * 50 + (128 + torch.randn(n, 1, 1, 1) * 15 * a + torch.randn(n, 1, 3, 1) * 8 * a)
    x = torch.lerp(x, y, ink).clamp_(0, 255)
    return ((x - MEAN.view(1, 1, 3, 1)) / STD.view(1, 1, 3, 1)).view(n, K, 768)


def picture_batch(idx, rid, patches_kept, a):
    x, keep = geometry(pictures(idx), idx, a), None
    if rid == 1:
        x = F.avg_pool2d(x, 2)
    elif rid != 6:  # an oblong picture
        h, w = RATIOS[rid - 1]
        long = int(S * random.uniform(1.05, max(h, w)))
        x = F.interpolate(x, size=(S, long) if w > h else (long, S), mode='bilinear', antialias=True)
    p = net.patches(net.cut(x, rid))
    if rid == 6 and patches_kept < 64:  # patches with something on them are preferred
        drawn = p.view(len(p), 64, 3, 256)[:, :, 1, ::3].std(-1) > 4
        keep = (torch.rand(len(p), 64) + .5 * drawn).topk(patches_kept, dim=1)[1].sort(1)[0]
        p = torch.gather(p, 1, keep[:, :, None].expand(-1, -1, 768))
    return colour(p, rid, keep, a), keep


# ------------------------------------------------------------------------------------------------ texts
def random_text(item):
    r = random.random()
    locale = random.choice(MAIN) if r < .7 else random.choice(MORE) if r < .8 else random.choice(list(item['txt']))
    if r < .12 or locale not in item['txt']:
        locale = 'en'
    text, keywords = item['txt'][locale]
    r = random.random()
    if keywords and not item['held'] and r < .2:
        word = random.choice(keywords)
        text = word if r < .13 else text + ', ' + word
    r = random.random()
    if r < .12:
        text = text.lower()
    elif r < .2:
        text = text[:1].upper() + text[1:]
    return FIND.format(text) if random.random() < .3 else text


def text_batch(ids, table):
    """Two groups by length, so that little is padded."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    half, out = -(-len(ids) // 2), []
    for group in (order[:half], order[half:]):
        x = torch.zeros(len(group), max(len(ids[j]) for j in group), dtype=torch.long)
        for row, j in enumerate(group):
            x[row, :len(ids[j])] = torch.tensor(ids[j])
        out.append(model.text(x, torch.tensor([len(ids[j]) for j in group]), None, DT, table))
    return torch.cat(out)[torch.tensor(order).argsort()]


# ------------------------------------------------------------------------------------------------ training
MATRICES = ['qkv', 'o', 'fc1', 'fc2', 'proj', 'tq', 'tkv', 'tout', 'tg', 'td']
matrices = [getattr(model, n) for n in MATRICES]
others = [p for n, p in model.named_parameters() if n not in MATRICES]
trained = matrices + [p for p in others if p is not model.emb] + [prototypes, log_scale]
groups = [[p for p in others if p is not model.emb], [model.emb], [prototypes, log_scale]]
adam = torch.optim.AdamW([{'params': g, 'weight_decay': 0.} for g in groups], lr=args.adam, betas=(.9, .98), fused=True)
momentum = [torch.zeros_like(p) for p in matrices]
halves = [[i for i, n in enumerate(MATRICES) if (n in ('fc1', 'qkv', 'tg', 'proj', 'tkv')) == first] for first in (True, False)]
ema = Net(IMG)
step = 0
if os.path.exists(CHECKPOINT):
    c = torch.load(CHECKPOINT)
    model.load_state_dict(c['model']), ema.load_state_dict(c['ema'])
    prototypes.data.copy_(c['proto']), log_scale.data.copy_(c['lt']), adam.load_state_dict(c['adam'])
    momentum, step = c['mom'], c['step']
    torch.manual_seed(step), random.seed(step)
else:
    warm_start()
    ema.load_state_dict(model.state_dict())


def save():
    c = dict(model=model.state_dict(), ema=ema.state_dict(), proto=prototypes.data, lt=log_scale.data, adam=adam.state_dict(), mom=momentum, step=step)
    torch.save(c, CHECKPOINT + '.tmp')
    os.replace(CHECKPOINT + '.tmp', CHECKPOINT)


@torch.no_grad()
def muon(lr, which, decay=.02):
    for k in which:
        p, b = matrices[k], momentum[k]
        b.lerp_(p.grad, .06)
        u = p.grad.lerp(b, .94).reshape(-1, p.shape[-2], p.shape[-1])
        tall = u.shape[1] > u.shape[2]
        u = u.transpose(1, 2) if tall else u
        x = (u / (u.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
        for _ in range(5):
            A = x @ x.transpose(1, 2)
            x = 3.4445 * x + (-4.7750 * A + 2.0315 * (A @ A)) @ x
        x = x.transpose(1, 2) if tall else x
        p.mul_(1 - lr * decay)
        p.add_(x.reshape(p.shape).float(), alpha=-lr * max(1, p.shape[-2] / p.shape[-1]) ** .5)


def part(idx, rid, patches_kept, a):
    """Gradients of one part of a batch. Rows of the token embedding are looked up once and their gradient comes back as rows."""
    torch.set_num_threads(1)
    px, keep = picture_batch(idx, rid, patches_kept, a)
    named = torch.cat([idx, torch.randint(0, N, (len(idx) // 2,))])
    texts = [[BOS] + tok.encode(random_text(items[i])).ids[:48] for i in named.tolist()]
    prompt = [IMG, BOS] + tok.encode(REPRESENT if random.random() < .9 else '').ids
    used = sorted(set(prompt).union(*texts))
    at = {t: k for k, t in enumerate(used)}
    used = torch.tensor(used)
    with torch.enable_grad():
        table = model.emb.detach()[used].requires_grad_()
        c = model.project(model.vision(px, rid, keep, DT), DT)
        mean = F.normalize(c.float().mean(1), dim=-1)  # supervised too, so that vision learns before the decoder reads it well
        n = len(idx)
        image = model.text(torch.tensor([[at[t] for t in prompt]]).expand(n, -1), torch.full((n,), len(prompt)), c, DT, table)
        text = text_batch([[at[t] for t in q] for q in texts], table)
        scale, P = log_scale.exp().clamp(max=60), F.normalize(prototypes, dim=-1)
        losses = [F.cross_entropy(z @ P.T * scale, y, label_smoothing=.05) for z, y in ((image, idx), (mean, idx), (text, named))]
        loss = (losses[0] + .5 * losses[1] + losses[2]) * (n / args.batch)
        g = torch.autograd.grad(loss, trained + [table])
    return g[:-1], (used, g[-1]), torch.stack([*losses, scale]).detach()


log = open(args.run + '/log.txt', 'a')


def say(s):
    s = time.strftime('%H:%M:%S ') + s
    print(s, flush=True)
    log.write(s + '\n'), log.flush()


pool = ThreadPoolExecutor(args.threads)
emb_grad, start, average, seen = torch.zeros_like(model.emb), time.time(), None, 0
saved = logged = start
while True:
    progress = args.begin + (1 - args.begin) * (time.time() - start) / (args.minutes * 60)
    if progress >= 1:
        break
    rate = min(1, (step + 1) / 30) * min(1., (1 - progress) / (1 - args.decay))
    for g, share in zip(adam.param_groups, (1, 1, .2)):
        g['lr'] = args.adam * rate * share
    kept, strength, idx, jobs = 64 if progress >= args.whole else 36 if progress > .5 else 24, min(.7, .25 + .9 * progress), torch.randperm(N)[:args.batch], []
    for part_idx in idx.chunk(args.parts):
        r = random.random()
        rid = 6 if r < .85 else 1 if r < .95 else random.choice([2, 3, 4, 5, 7, 8])
        jobs.append(pool.submit(part, part_idx, rid, kept, strength))
    results = [j.result() for j in jobs]
    total = list(results[0][0])
    for r in results[1:]:
        torch._foreach_add_(total, list(r[0]))
    for p, g in zip(trained, total):
        p.grad = g
    emb_grad.zero_()
    for r in results:
        emb_grad.index_add_(0, *r[1])
    model.emb.grad = emb_grad
    half = pool.submit(muon, args.muon * rate, halves[0])
    muon(args.muon * rate, halves[1])
    torch.nn.utils.clip_grad_norm_(others, 1.)
    adam.step()
    half.result()
    step, seen = step + 1, seen + len(idx)
    with torch.no_grad():
        torch._foreach_lerp_(list(ema.parameters()), list(model.parameters()), 1 - min(.995, step / (step + 20)))
    losses = torch.stack([r[2] for r in results]).mean(0)
    average = losses if average is None else average * .95 + losses * .05
    if step % 25 == 0:
        say(f'{step} progress {progress:.3f} losses: pictures {average[0]:.3f} mean state {average[1]:.3f} names {average[2]:.3f} scale {average[3]:.1f} pictures/s {seen / (time.time() - logged):.1f}')
        seen, logged = 0, time.time()
    if time.time() - saved > 200:
        save()
        saved = time.time()
save()
say('done')
