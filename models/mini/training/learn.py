"""Steps of training: Muon for matrices, AdamW for the rest, an exponential average of the weights, a schedule by the clock, and
checkpoints to go on from. A module of vision.py and text.py."""

import os
import time

import torch


class Learner:
    """matrices: stacks of matrices, stepped with Muon; groups: (parameters, share of AdamW's rate)."""

    def __init__(self, run, parameters, matrices, groups, args):
        os.makedirs(run, exist_ok=True)
        self.file, self.args, self.step, self.start = run + '/checkpoint.pt', args, 0, time.time()
        self.parameters, self.matrices, self.shares = parameters, [parameters[n] for n in matrices], [s for _, s in groups]
        groups = [{'params': [parameters[n] for n in g]} for g, _ in groups]
        self.adam = torch.optim.AdamW(groups, betas=(.9, .98), weight_decay=.01, fused=True)
        self.momentum = [torch.zeros_like(p) for p in self.matrices]
        self.average = {n: p.detach().clone() for n, p in parameters.items()}
        self.log = open(run + '/log.txt', 'a')
        if os.path.exists(self.file):
            c = torch.load(self.file)
            with torch.no_grad():
                for n, p in parameters.items():
                    p.copy_(c['parameters'][n])
            self.average, self.momentum, self.step = c['average'], c['momentum'], c['step']
            if 'adam' in c:
                self.adam.load_state_dict(c['adam'])
        torch.manual_seed(self.step)

    def progress(self):
        return self.args.begin + (1 - self.args.begin) * (time.time() - self.start) / (self.args.minutes * 60)

    def learn(self, loss):
        """One step. The rate rises over 50 steps and falls linearly to 0 from progress `decay` on."""
        rate = min(1, (self.step + 1) / 50) * min(1., (1 - self.progress()) / (1 - self.args.decay))
        for p, g in zip(self.parameters.values(), torch.autograd.grad(loss, list(self.parameters.values()), allow_unused=True)):
            p.grad = g
        self.muon(self.args.muon * rate)
        for g, share in zip(self.adam.param_groups, self.shares):
            g['lr'] = self.args.adam * rate * share
        torch.nn.utils.clip_grad_norm_([p for p in self.adam.param_groups[0]['params'] if p.grad is not None], 1.)
        self.adam.step()
        self.step += 1
        with torch.no_grad():
            share = 1 - min(self.args.keep, self.step / (self.step + 20))
            torch._foreach_lerp_(list(self.average.values()), list(self.parameters.values()), share)

    @torch.no_grad()
    def muon(self, rate, decay=.02):
        for p, b in zip(self.matrices, self.momentum):
            if p.grad is None:
                continue
            b.lerp_(p.grad, .06)
            u = p.grad.lerp(b, .94).reshape(-1, p.shape[-2], p.shape[-1])
            tall = u.shape[1] > u.shape[2]
            u = u.transpose(1, 2) if tall else u
            x = (u / (u.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
            for _ in range(5):
                A = x @ x.transpose(1, 2)
                x = 3.4445 * x + (-4.7750 * A + 2.0315 * (A @ A)) @ x
            x = x.transpose(1, 2) if tall else x
            p.mul_(1 - rate * decay)
            p.add_(x.reshape(p.shape).float(), alpha=-rate * max(1, p.shape[-2] / p.shape[-1]) ** .5)

    def save(self):
        c = dict(parameters={n: p.data for n, p in self.parameters.items()}, average=self.average, momentum=self.momentum,
                 adam=self.adam.state_dict(), step=self.step)
        torch.save(c, self.file + '.tmp')
        os.replace(self.file + '.tmp', self.file)

    def say(self, words):
        words = time.strftime('%H:%M:%S ') + words
        print(words, flush=True)
        self.log.write(words + '\n')
        self.log.flush()


def options(parser, batch, muon, adam):
    parser.add_argument('work')
    parser.add_argument('run')
    parser.add_argument('--minutes', type=float, default=60, help='how long to train, from now')
    parser.add_argument('--from', dest='begin', type=float, default=0, help='where in the schedule to begin, 0 to 1 (when going on)')
    parser.add_argument('--batch', type=int, default=batch)
    parser.add_argument('--muon', type=float, default=muon)
    parser.add_argument('--adam', type=float, default=adam)
    parser.add_argument('--decay', type=float, default=.5)
    parser.add_argument('--keep', type=float, default=.997, help='of the exponential average')
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    return args


def ranks(similarity, right):
    """How many columns of each row come before the right one."""
    return (similarity > similarity[torch.arange(len(right)), right][:, None]).sum(1)


def recall(r):
    return f'{(r < 1).float().mean():.3f} {(r < 10).float().mean():.3f}'
