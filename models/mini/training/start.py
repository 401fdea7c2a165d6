"""Computes where training starts.

    python start.py WORK

Token embeddings and prototypes of the emoji from a singular value decomposition of the (token, emoji) table of all names and of the
keywords that are not held back, patch embedding from the principal components of patches. Out: WORK/start.pt. Needs scipy.
"""

import sys

import numpy as np
import scipy.sparse as sp
import torch
import torch.nn.functional as F
from scipy.sparse.linalg import svds

import net
from data import MAIN, MEAN, STD, Names, Pictures, held


def text_start(names):
    rows, columns, values = [], [], []

    def count(ids, k, v):
        rows.extend(ids), columns.extend([k] * len(ids)), values.extend([v] * len(ids))
    for k, item in enumerate(names.items):
        for locale, (name, keywords) in item['txt'].items():
            weight = 3 if locale in MAIN else 1
            count(names.tok.encode(name).ids + names.tok.encode(' ' + name).ids, k, 1. * weight)
            for w in [] if held(k) else keywords:
                count(names.tok.encode(w).ids, k, .3 * weight)
    M = sp.coo_matrix((values, (rows, columns)), shape=(names.image + 8, len(names))).tocsr()
    df = np.asarray((M > 0).sum(1)).ravel()
    M = sp.diags(np.where(df > 0, np.log(len(names) / np.maximum(df, 1)), 0)) @ M.log1p()
    M = M @ sp.diags(1 / np.maximum(np.sqrt(np.asarray(M.multiply(M).sum(0)).ravel()), 1e-6))
    U, s, Vt = svds(M.astype(np.float32), k=net.H)
    E, Q = (torch.tensor((m * np.sqrt(s)).copy()).float() for m in (U, Vt.T))
    E /= E.norm(dim=1, keepdim=True).clamp_min(1e-3).pow(.7)
    emb = torch.where((torch.tensor(df) > 0)[:, None], E / E.std() * .3, torch.randn(names.image + 8, net.H) * .1)
    return emb, F.normalize(Q, dim=1) * .7


def patch_start(bank):
    x = (bank[::6].float() - MEAN) / STD
    q = x.unfold(2, 16, 16).unfold(3, 16, 16).permute(0, 2, 3, 1, 4, 5).reshape(-1, 768)
    q = q[q.std(1) > .1]
    q = q[torch.randperm(len(q))[:30000]]
    _, s, V = torch.linalg.svd(q - q.mean(0), full_matrices=False)
    return V[:net.D] / (s[:net.D, None] / len(q) ** .5 + .3) * .5


if __name__ == '__main__':
    torch.manual_seed(1)
    names = Names(sys.argv[1])
    emb, prototypes = text_start(names)
    patch = patch_start(Pictures(sys.argv[1], names.items).bank)
    torch.save({'emb': emb, 'prototypes': prototypes, 'patch': patch}, sys.argv[1] + '/start.pt')
