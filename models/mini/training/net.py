"""The small Mllama embedding model, written for training speed on a CPU. A module of vision.py, text.py and export.py.

The same function as transformers' Mllama modules, with three differences of form:
- the weights of all blocks are stacked into a few tensors (one fused matrix for q, k, v; one for gate and up);
- identical tokens are computed once: all padding patches of a tile are the same token, and so are all absent tiles (their position
  rows are zero). One copy stands for all, with log(count) added to its attention scores. This is exact;
- pictures come as patches, and in training some patches may be left out (`keep`). That is not exact; the last part of training
  sees all of them.

"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

# vision: width, heads, patch and tile side, tokens a tile (16 patches + class), padding tokens a tile, local and global blocks,
# states taken (inputs of blocks), tiles at most
D, HEADS, PATCH, S, P, NPAD, LOCAL, GLOBAL, INTER, T = 192, 6, 16, 64, 17, 7, 5, 1, [1, 3, 4], 4
# text: width, heads, key/value heads, head width, layers, the cross-attention ones among them, MLP width
H, TH, TKV, HD, TL, CROSS, TI = 192, 6, 2, 32, 6, [1, 4], 512
OWN = [i for i in range(TL) if i not in CROSS]
RATIOS = [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1), (4, 1)]  # (rows, columns); arrangement id = index + 1
THETA, MAX_POSITIONS = 10000.0, 512


def cut(x, rid):
    """[n, 3, h, w] that fits the canvas of arrangement `rid` -> [n, tiles, 3, S, S]; the rest of the canvas is 0."""
    h, w = RATIOS[rid - 1]
    n = len(x)
    if x.shape[2:] != (h * S, w * S):
        canvas = torch.zeros(n, 3, h * S, w * S)
        canvas[:, :, :x.shape[2], :x.shape[3]] = x
        x = canvas
    return x.reshape(n, 3, h, S, w, S).permute(0, 2, 4, 1, 3, 5).reshape(n, h * w, 3, S, S)


def patches(tiles):
    """[n, tiles, 3, S, S] -> [n, tiles * 16, 3 * 16 * 16]"""
    n, r = tiles.shape[:2]
    return tiles.reshape(n, r, 3, 4, PATCH, 4, PATCH).permute(0, 1, 3, 5, 2, 4, 6).reshape(n, r * 16, 3 * PATCH * PATCH)


def patch_centres(rid):
    """[tiles * 16, 2]: y and x of each patch centre on the canvas, -1 to 1."""
    h, w = RATIOS[rid - 1]
    at = [(t // w * 4 + p // 4, t % w * 4 + p % 4) for t in range(h * w) for p in range(16)]
    return torch.tensor([((y + .5) / (2 * h) - 1, (x + .5) / (2 * w) - 1) for y, x in at])


def sincos(y, x, d):
    f = torch.exp(-torch.arange(d // 4) / (d // 4) * math.log(64.0)) * math.pi
    a, b = y[..., None] * f, x[..., None] * f
    return torch.cat([a.sin(), a.cos(), b.sin(), b.cos()], -1)


def random_parameter(*shape, std=None):
    return nn.Parameter(torch.randn(*shape) * (shape[-1] ** -.5 if std is None else std))


def attention(q, k, v, bias):
    """Spelled out for bf16: PyTorch's fused CPU kernel is several times slower at these sizes."""
    if q.dtype != torch.bfloat16:
        return F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    n, h, length, d = q.shape
    s = torch.baddbmm(bias.expand(n, h, length, k.shape[2]).reshape(n * h, length, -1), (q * d ** -.5).reshape(n * h, length, d),
                      k.transpose(-1, -2).reshape(n * h, d, -1))
    return torch.bmm(s.softmax(-1), v.reshape(n * h, -1, d)).view(n, h, length, d)


class Net(nn.Module):
    def __init__(self, vocab):
        super().__init__()
        L = LOCAL + GLOBAL
        self.patch, self.cls = random_parameter(D, 3 * PATCH * PATCH), random_parameter(D, std=.3)
        self.pos, self.pos_gate = nn.Parameter(torch.zeros(P, D)), nn.Parameter(torch.tensor([.5]))
        self.tile = nn.Parameter(torch.zeros(9, T, P, D))
        self.pre, self.post = nn.Parameter(torch.zeros(9, T, D)), nn.Parameter(torch.zeros(9, T, D))
        self.pre_gate, self.post_gate = nn.Parameter(torch.tensor([.5])), nn.Parameter(torch.tensor([.5]))
        present = torch.zeros(9, T)  # as in the real checkpoint, rows of absent tiles are zero and stay zero
        with torch.no_grad():
            for k, (h, w) in enumerate(RATIOS):
                present[k + 1, :h * w] = 1
                c = patch_centres(k + 1).view(h * w, 16, 2)
                self.tile[k + 1, :h * w, 1:] = sincos(c[..., 0], c[..., 1], D)
                self.tile[k + 1, :h * w, 0] = torch.randn(h * w, D) * .4
        self.register_buffer('tmask', present)
        norms = {n: torch.ones(L, D) if n.endswith('w') else torch.zeros(L, D) for n in ('aw', 'ab', 'mw', 'mb')}
        self.ln = nn.ParameterDict({n: nn.Parameter(p) for n, p in norms.items()})
        self.lnpre = nn.Parameter(torch.stack([torch.ones(D), torch.zeros(D)]))
        self.lnpost = nn.Parameter(torch.stack([torch.ones(D), torch.zeros(D)]))
        self.qkv, self.o = random_parameter(L, 3, D, D), random_parameter(L, D, D, std=.02)
        self.fc1, self.fc2 = random_parameter(L, 4 * D, D), random_parameter(L, D, 4 * D, std=.01)
        self.b1, self.b2 = nn.Parameter(torch.zeros(L, 4 * D)), nn.Parameter(torch.zeros(L, D))
        self.gates = nn.Parameter(torch.full((GLOBAL, 2), .7))
        self.proj, self.projb = random_parameter(H, D * (1 + len(INTER))), nn.Parameter(torch.zeros(H))
        self.emb = random_parameter(vocab + 8, H, std=.1)
        self.tnf = nn.Parameter(torch.ones(H))
        for kind, n in (('t', len(OWN)), ('x', len(CROSS))):  # layers that look at the text, and at the picture
            for name, p in (('q', random_parameter(n, H, H)), ('kv', random_parameter(n, 2, TKV * HD, H)),
                            ('out', random_parameter(n, H, H, std=.02)), ('g', random_parameter(n, 2, TI, H)),
                            ('d', random_parameter(n, H, TI, std=.02)), ('n', nn.Parameter(torch.ones(n, 2, H)))):
                setattr(self, kind + name, p)
        self.cn, self.cg = nn.Parameter(torch.ones(len(CROSS), 2, HD)), nn.Parameter(torch.full((len(CROSS), 2), .7))
        angle = torch.arange(MAX_POSITIONS)[:, None] * (THETA ** (-torch.arange(0, HD, 2) / HD))[None]
        self.register_buffer('rc', torch.cat([angle.cos(), angle.cos()], -1))
        self.register_buffer('rs', torch.cat([angle.sin(), angle.sin()], -1))

    def block(self, x, w, bias, g=None):
        qkv, o, fc1, fc2, b1, b2, aw, ab, mw, mb = w
        n, length, _ = x.shape
        h = F.layer_norm(x, (D,), aw, ab, 1e-5).to(qkv.dtype)
        q, k, v = F.linear(h, qkv.view(3 * D, D)).view(n, length, 3, HEADS, D // HEADS).permute(2, 0, 3, 1, 4)
        a = F.linear(attention(q, k, v, bias).transpose(1, 2).reshape(n, length, D), o)
        x = x + (a if g is None else a * g[0])
        h = F.layer_norm(x, (D,), mw, mb, 1e-5).to(qkv.dtype)
        m = F.linear(F.gelu(F.linear(h, fc1, b1)), fc2, b2)
        return x + (m if g is None else m * g[1])

    def vision(self, px, rid, keep=None, dt=torch.float32):
        """px [n, patches, 768], normalised, of the real tiles; keep [n, patches]: which of all patches they are, None for all.
        Returns [n, class tokens + patches, D * (1 + K)]."""
        h, w = RATIOS[rid - 1]
        n, r = len(px), h * w
        absent = T - r
        A = 1 if absent else 0
        tg, pg, present = self.pos_gate.tanh(), self.pre_gate.tanh(), self.tmask[rid]
        pe = (1 - tg) * self.pos + tg * self.tile[rid] * present[:, None, None]
        pp = (pe[:r, 1:] + (pg * self.pre[rid, :r])[:, None]).reshape(r * 16, D)
        e = F.linear(px.to(dt), self.patch.to(dt)) + (pp if keep is None else pp[keep])
        e = torch.cat([(self.cls + pe[:r, 0]).expand(n, r, D), e], 1)
        K = e.shape[1]
        if A:
            e = torch.cat([e, torch.cat([(self.cls + pe[r, 0])[None], pe[r, 1:]], 0).expand(n, P, D)], 1)
        e = F.layer_norm(e, (D,), self.lnpre[0], self.lnpre[1], 1e-5)
        x = torch.cat([e, torch.zeros(n, 1, D)], 1)
        share = 1.0 if keep is None else K / (r * P)  # with patches left out the padding weighs less too

        def bias(length, pads):
            m = torch.zeros(length)
            if A:
                m[K:K + P] = math.log(absent * share)
            for j, count in enumerate(pads):
                m[length - len(pads) + j] = math.log(count * share)
            b = m[None].repeat(length, 1)
            b[K:, K:] = -1e9  # padding does not see padding
            return b[None, None].to(dt)

        def cast(p):
            return p.to(dt).unbind(0)
        norms = (self.ln[n].unbind(0) for n in ('aw', 'ab', 'mw', 'mb'))
        W = list(zip(*(cast(p) for p in (self.qkv, self.o, self.fc1, self.fc2, self.b1, self.b2)), *norms))
        b, states = bias(x.shape[1], [T * NPAD]), []
        for i in range(LOCAL):
            if i in INTER:
                states.append(x[:, :K])
            x = self.block(x, W[i], b)
        x = F.layer_norm(x, (D,), self.lnpost[0], self.lnpost[1], 1e-5)
        po = self.post_gate.tanh() * self.post[rid] * present[:, None]
        pk = po[torch.arange(r).repeat_interleave(16)].expand(n, r * 16, D) if keep is None else po[keep // 16]
        x = torch.cat([x[:, :r] + po[:r], x[:, r:K] + pk] + [x[:, K:K + P]] * A + [x[:, -1:] + po[:r + A]], 1)
        b, g = bias(x.shape[1], [NPAD] * r + [NPAD * absent] * A), self.gates.tanh()
        for i in range(GLOBAL):
            x = self.block(x, W[LOCAL + i], b, g[i].to(dt))
        return torch.cat([x[:, :K], torch.stack(states, -1).reshape(n, K, -1)], -1)

    def project(self, f, dt=torch.float32):
        return F.linear(f.to(dt), self.proj.to(dt), self.projb.to(dt))

    def text(self, ids, lengths, c=None, dt=torch.float32):
        """ids [n, length], right padded; c: projected vision states (the image token comes first, so every row sees the image), for
        which one row of ids serves all. Returns unit vectors [n, H]."""
        n, length = len(ids) if c is None else len(c), ids.shape[1]
        x = F.embedding(ids, self.emb)
        causal = torch.full((length, length), -1e9).triu(1)[None, None].to(dt)
        zero = torch.zeros(1, 1, 1, 1, dtype=dt)

        def cast(p):
            return p.to(dt).unbind(0)
        W = {}
        for kind in 'tx':
            matrices = (cast(getattr(self, kind + p)) for p in ('q', 'kv', 'out', 'g', 'd'))
            W[kind] = list(zip(*matrices, getattr(self, kind + 'n').unbind(0)))
        rc, rs, G = self.rc[:length].to(dt), self.rs[:length].to(dt), TH // TKV

        def rope(q):
            a, b = q.chunk(2, -1)
            return q * rc + torch.cat([-b, a], -1) * rs
        for i in range(TL):
            cross = i in CROSS
            if cross and c is None:
                continue
            j = (CROSS if cross else OWN).index(i)
            wq, wkv, wo, wg, wd, norm = W['x' if cross else 't'][j]
            if cross and len(x) < n:
                x = x.expand(n, -1, -1)
            h = F.rms_norm(x, (H,), norm[0], 1e-5).to(dt)
            rows = len(h)
            q = F.linear(h, wq).view(rows, length, TH, HD).transpose(1, 2)
            k, v = F.linear(c if cross else h, wkv.reshape(2 * TKV * HD, H)).view(rows, -1, 2, TKV, HD).permute(2, 0, 3, 1, 4)
            if cross:
                q, k = F.rms_norm(q, (HD,), self.cn[j, 0].to(dt), 1e-5), F.rms_norm(k, (HD,), self.cn[j, 1].to(dt), 1e-5)
                g = self.cg[j].tanh().to(dt)
            else:
                q, k = rope(q), rope(k)
            a = attention(q, k.repeat_interleave(G, 1), v.repeat_interleave(G, 1), zero if cross else causal)
            a = F.linear(a.transpose(1, 2).reshape(rows, length, H), wo)
            x = x + (a * g[0] if cross else a)
            h = F.rms_norm(x, (H,), norm[1], 1e-5).to(dt)
            gate, up = F.linear(h, wg.reshape(2 * TI, H)).chunk(2, -1)
            m = F.linear(F.silu(gate) * up, wd)
            x = x + (m * g[1] if cross else m)
        x = x[torch.arange(n), lengths - 1]
        return F.normalize(F.rms_norm(x.float(), (H,), self.tnf, 1e-5), dim=-1)

    def places(self):
        """(name in a 2024 checkpoint, own parameter, index in it or None)"""
        v, g = 'vision_model.', 'vision_model.gated_positional_embedding.'
        yield from ((v + 'patch_embedding.weight', self.patch, None), (v + 'class_embedding', self.cls, None),
                    (g + 'embedding', self.pos, None), (g + 'gate', self.pos_gate, None), (g + 'tile_embedding.weight', self.tile, None))
        for a, p, q, norm in (('pre', self.pre, self.pre_gate, self.lnpre), ('post', self.post, self.post_gate, self.lnpost)):
            t = f'{v}{a}_tile_positional_embedding.'
            yield from ((t + 'embedding.weight', p, None), (t + 'gate', q, None),
                        (f'{v}layernorm_{a}.weight', norm, 0), (f'{v}layernorm_{a}.bias', norm, 1))
        for i in range(LOCAL + GLOBAL):
            b = v + (f'transformer.layers.{i}.' if i < LOCAL else f'global_transformer.layers.{i - LOCAL}.')
            yield from ((b + f'self_attn.{c}_proj.weight', self.qkv, (i, j)) for j, c in enumerate('qkv'))
            yield from ((b + 'self_attn.o_proj.weight', self.o, i), (b + 'mlp.fc1.weight', self.fc1, i), (b + 'mlp.fc1.bias', self.b1, i),
                        (b + 'mlp.fc2.weight', self.fc2, i), (b + 'mlp.fc2.bias', self.b2, i),
                        (b + 'input_layernorm.weight', self.ln['aw'], i), (b + 'input_layernorm.bias', self.ln['ab'], i),
                        (b + 'post_attention_layernorm.weight', self.ln['mw'], i), (b + 'post_attention_layernorm.bias', self.ln['mb'], i))
            if i >= LOCAL:
                yield from ((b + 'gate_attn', self.gates, (i - LOCAL, slice(0, 1))), (b + 'gate_ffn', self.gates, (i - LOCAL, slice(1, 2))))
        yield from (('multi_modal_projector.weight', self.proj, None), ('multi_modal_projector.bias', self.projb, None))
        m = 'language_model.model.'
        yield from ((m + 'embed_tokens.weight', self.emb, None), (m + 'norm.weight', self.tnf, None))
        for i in range(TL):
            b = f'{m}layers.{i}.'
            a, kind, j = (b + 'cross_attn.', 'x', CROSS.index(i)) if i in CROSS else (b + 'self_attn.', 't', OWN.index(i))
            q, kv, out, mlp, down, norm = (getattr(self, kind + p) for p in ('q', 'kv', 'out', 'g', 'd', 'n'))
            yield from ((b + 'input_layernorm.weight', norm, (j, 0)), (b + 'post_attention_layernorm.weight', norm, (j, 1)),
                        (a + 'q_proj.weight', q, j), (a + 'k_proj.weight', kv, (j, 0)), (a + 'v_proj.weight', kv, (j, 1)),
                        (a + 'o_proj.weight', out, j), (b + 'mlp.gate_proj.weight', mlp, (j, 0)), (b + 'mlp.up_proj.weight', mlp, (j, 1)),
                        (b + 'mlp.down_proj.weight', down, j))
            if i in CROSS:
                yield from ((a + 'q_norm.weight', self.cn, (j, 0)), (a + 'k_norm.weight', self.cn, (j, 1)),
                            (b + 'cross_attn_attn_gate', self.cg, (j, slice(0, 1))), (b + 'cross_attn_mlp_gate', self.cg, (j, slice(1, 2))))

    @torch.no_grad()
    def checkpoint(self):
        """The tensors under their 2024 names and shapes."""
        m = {self.tile: self.tmask[:, :, None, None], self.pre: self.tmask[:, :, None], self.post: self.tmask[:, :, None]}
        out = {}
        for name, p, at in self.places():
            t = p * m[p] if p in m else p
            t = (t if at is None else t[at]).detach().clone()
            out[name] = t.reshape(9, -1) if p in m else t.view(D, 3, PATCH, PATCH) if p is self.patch else t
        return out

    @torch.no_grad()
    def load_checkpoint(self, tensors):
        for name, p, at in self.places():
            (p if at is None else p[at]).copy_(tensors[name].float().view_as(p if at is None else p[at]))
        return self
