"""What the model is shown: pictures with random changes, and names. A module of start.py, vision.py and text.py.

The unseen style is in a file of its own and is not read here.
"""

import math
import pickle
import random
import re

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import net
from net import RATIOS, S

MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1) * 255
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(1, 3, 1, 1) * 255
STYLES = {'noto': 1, 'twemoji': 1, 'emojione': 1, 'noto-v1': .8, 'fxemoji': 1, 'streamline-emojis': .8, 'circle-flags': .4, 'flag': .4}
MAIN = ['en', 'de', 'fr', 'es', 'ru', 'ar', 'hi', 'zh', 'ja', 'sw']
MORE = ['it', 'pt', 'ko', 'tr', 'pl', 'nl', 'sv', 'vi', 'id', 'th', 'fa', 'he', 'el', 'cs', 'uk', 'bn']
FIND, REPRESENT = 'Find me an everyday image that matches the given caption: {}.\n', 'Represent the given image.\n'


def held(number):
    """Whether the keywords of this emoji are kept back: those of every tenth are."""
    return number % 10 == 0


class Names:
    def __init__(self, work):
        self.items = pickle.load(open(work + '/texts.pkl', 'rb'))
        self.tok = Tokenizer.from_file(work + '/tokenizer.json')
        self.bos, self.image = (self.tok.token_to_id(t) for t in ('<|begin_of_text|>', '<|image|>'))
        self.locales = [list(i['txt']) for i in self.items]

    def __len__(self):
        return len(self.items)

    def random(self, k):
        """A name or keyword of emoji k in some language, sometimes within the instruction."""
        item, r = self.items[k], random.random()
        locale = random.choice(MAIN) if r < .6 else random.choice(MORE) if r < .7 else random.choice(self.locales[k])
        if r < .05 or locale not in item['txt']:
            locale = 'en'
        text, keywords = item['txt'][locale]
        r = random.random()
        if keywords and not held(k) and r < .2:
            word = random.choice(keywords)
            text = word if r < .13 else text + ', ' + word
        r = random.random()
        if r < .1:
            text = text.lower()
        elif r < .18:
            text = text[:1].upper() + text[1:]
        return FIND.format(text) if random.random() < .12 else text

    def ids(self, text):
        return [self.bos] + self.tok.encode(text).ids[:48]

    def picture_prompt(self):
        return torch.tensor([[self.image, *self.ids(REPRESENT)]])

    def embed(self, model, texts, groups=3):
        """Unit vectors of texts, in groups of like length, so that little is padded."""
        ids, out = [self.ids(t) for t in texts], []
        order, size = sorted(range(len(ids)), key=lambda i: len(ids[i])), -(-len(ids) // groups)
        for first in range(0, len(ids), size):
            group = order[first:first + size]
            x = torch.zeros(len(group), len(ids[group[-1]]), dtype=torch.long)
            for row, j in enumerate(group):
                x[row, :len(ids[j])] = torch.tensor(ids[j])
            out.append(model.text(x, torch.tensor([len(ids[j]) for j in group]), None, torch.bfloat16))
        return torch.cat(out)[torch.tensor(order).argsort()]


def spread(*shape):
    return torch.rand(*shape) - .5


class Pictures:
    """All training drawings in one tensor, and random changes of them."""

    GRID = F.affine_grid(torch.eye(2, 3)[None], (1, 3, 128, 128), align_corners=False).reshape(-1, 2)
    GRID = torch.cat([GRID, torch.ones(128 * 128, 1)], 1)
    INNER = torch.stack(torch.meshgrid(torch.arange(16.), torch.arange(16.), indexing='ij'), -1).view(256, 2) / 64 - .125
    CENTRES = {r: net.patch_centres(r) for r in range(1, 9)}
    GREY, ONE = torch.full((3, 3), 1 / 3), torch.eye(3)
    ROTATE = torch.tensor([[0, -1., 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)

    def __init__(self, work, items):
        data = torch.load(work + '/train_images.pt', mmap=True)
        self.weight = torch.stack([data[s][1] for s in STYLES], 1).float() * torch.tensor(list(STYLES.values()))
        self.at, bank, relief, total = torch.full((len(items), len(STYLES)), -1), [], [], 0
        for j, style in enumerate(STYLES):
            drawings, has = data[style]
            which = has.nonzero()[:, 0]
            self.at[which, j] = torch.arange(len(which)) + total
            total += len(which)
            for part in which.split(256):
                bank.append(drawings[part, :3])
                relief.append(self.slopes(drawings[part]))
        self.bank, self.relief = torch.cat(bank), torch.cat(relief)
        # mirrored, these would be others
        self.keep_side = torch.tensor([i['cat'] in ('Flags', 'Symbols') or bool(re.search('left|right', i['txt']['en'][0])) for i in items])

    @staticmethod
    def slopes(x):
        """Slopes of a cushion over the drawing's outline and, more faintly, over its dark and light parts, for light to fall on.
        [n, 4, 128, 128] -> int8 [n, 2, 64, 64]"""
        x = F.avg_pool2d(x.float() / 255, 2)
        height = torch.stack([x[:, 3], x[:, :3].mean(1)], 1)
        total = 0
        for k, share in ((3, (.4, .35)), (9, (1., .5)), (17, (1.6, .5))):
            h = height
            for _ in range(2):
                h = F.avg_pool2d(h, k, 1, k // 2, count_include_pad=True)
            total = total + (h * torch.tensor(share).view(1, 2, 1, 1)).sum(1, keepdim=True)
        total = F.pad(total, (1, 1, 1, 1), mode='replicate')
        slopes = torch.cat([total[:, :, 1:-1, 2:] - total[:, :, 1:-1, :-2], total[:, :, 2:, 1:-1] - total[:, :, :-2, 1:-1]], 1)
        return (slopes * 200).clamp(-127, 127).to(torch.int8)

    def random(self, idx):
        """One drawing of each emoji; some are blends of two styles, some are lit as if they were round."""
        def draw(which):
            at = self.at[which, torch.multinomial(self.weight[which], 1)[:, 0]]
            return self.bank[at].float(), at
        x, at = draw(idx)
        n, r = len(idx), torch.rand(len(idx))
        mix = (r < .15).nonzero()[:, 0]
        if len(mix):
            x[mix] = torch.lerp(x[mix], draw(idx[mix])[0], torch.rand(len(mix), 1, 1, 1) * .7)
        lit = (r > .5).nonzero()[:, 0]
        if len(lit):
            turn, strength = spread(len(lit), 1, 1) * 4 - math.pi / 2, torch.rand(len(lit), 1, 1) * .022
            slopes = self.relief[at[lit]].float()
            shade = ((slopes[:, 0] * turn.cos() + slopes[:, 1] * turn.sin()) * strength)[:, None]
            shade = F.interpolate(shade, scale_factor=2, mode='bilinear').clamp(-.7, .7)
            tint = 1 + torch.randn(len(lit), 3, 1, 1) * .3  # shadows have a colour
            y = x[lit]
            ink = (255 - y.amin(1, keepdim=True)).mul_(4 / 255).clamp_(max=1)
            x[lit] = (y + ink * torch.where(shade < 0, y * shade * tint, (255 - y) * shade)).clamp_(0, 255)
        return x

    def geometry(self, x, idx, a):
        """Random affine maps on a white ground, some mirrored, some blurred; a: strength 0 to 1."""
        n = len(x)
        angle, scale, aspect = spread(n) * .5 * a, torch.exp((spread(n) + .12) * .5 * a), torch.exp(spread(n) * .35 * a)
        tx, ty, shear = spread(n) * .22 * a, spread(n) * .22 * a, spread(n) * .3 * a
        c, s = torch.cos(angle), torch.sin(angle)
        side = torch.where((torch.rand(n) < .15) & ~self.keep_side[idx], -1., 1.)
        rows = [c * scale * aspect * side, (-s + shear) * scale, tx], [s * scale * side, c * scale / aspect, ty]
        grid = (self.GRID @ torch.stack([torch.stack(r, 1) for r in rows], 1).transpose(1, 2)).view(n, 128, 128, 2)
        x = F.grid_sample(x - 255, grid, mode='bilinear', padding_mode='zeros', align_corners=False) + 255
        for k, share in ((3, .25), (5, .1)):
            b = (torch.rand(n) < share).nonzero()[:, 0]
            if len(b):
                x[b] = F.avg_pool2d(x[b], k, 1, k // 2, count_include_pad=False)
        return x

    def colour(self, p, rid, keep, a):
        """p [n, patches, 768], 0 to 255: hue, saturation, contrast, mixed channels and a slope of light; the white ground mostly
        stays white. Returns normalised patches."""
        n, K = p.shape[:2]
        x = p.view(n, K, 3, 256)
        hue = (torch.randn(n) * .25 * a)[:, None, None]
        turn = torch.cos(hue) * self.ONE + (1 - torch.cos(hue)) * self.GREY + torch.sin(hue) * self.ROTATE
        sat = ((1 + torch.randn(n) * .3 * a).clamp(0, 2) * (torch.rand(n) > .05).float())[:, None, None]
        m = (self.ONE + torch.randn(n, 3, 3) * .1 * a) @ turn @ (sat * self.ONE + (1 - sat) * self.GREY)
        m = m * (1 + torch.randn(n, 1, 1) * .15 * a)
        ink = (255 - x.amin(2, keepdim=True)).mul_(4 / 255).clamp_(max=1)
        slope = torch.randn(n, 2, 1) * .22 * a
        at = self.CENTRES[rid][None] if keep is None else self.CENTRES[rid][keep]
        light = (1 + torch.randn(n, 1, 1) * .1 * a + at @ slope + (self.INNER[None] @ slope).transpose(1, 2))[:, :, None]
        base = 128 + torch.randn(n, 1, 1, 1) * 15 * a + torch.randn(n, 1, 3, 1) * 8 * a
        y = torch.matmul(m[:, None], x - 128) * light + (light - 1) * 50 + base
        x = torch.lerp(x, y, ink).clamp_(0, 255)
        return ((x - MEAN.view(1, 1, 3, 1)) / STD.view(1, 1, 3, 1)).view(n, K, 768)

    def batch(self, idx, rid, kept, a):
        """Patches and which ones they are (None: all) of changed pictures of the emoji idx on the canvas rid."""
        x, keep = self.geometry(self.random(idx), idx, a), None
        if rid == 1:
            x = F.avg_pool2d(x, 2)
        elif rid != 6:  # an oblong picture
            h, w = RATIOS[rid - 1]
            long = int(S * random.uniform(1.05, max(h, w)))
            x = F.interpolate(x, size=(S, long) if w > h else (long, S), mode='bilinear', antialias=True)
        p = net.patches(net.cut(x, rid))
        if rid == 6 and kept < 64:  # patches with something on them are preferred
            drawn = p.view(len(p), 64, 3, 256)[:, :, 1, ::3].std(-1) > 4
            keep = (torch.rand(len(p), 64) + .5 * drawn).topk(kept, dim=1)[1].sort(1)[0]
            p = torch.gather(p, 1, keep[:, :, None].expand(-1, -1, 768))
        return self.colour(p, rid, keep, a), keep
