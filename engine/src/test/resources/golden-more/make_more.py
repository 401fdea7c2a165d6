#!/usr/bin/env python3
"""Tiny checkpoints of shapes that the models of ../golden do not have, pictures of rare kinds, and what the reference computes.

usage: make_more.py [--out DIR] [--seed N] [--all]

Needs numpy, regex and Pillow before 12. The goldens come from docs/reference/mllama_ref.py in float64, with the few functions
replaced that take 4 tiles for granted. --all makes more models and runs every case with every model; further seeds make further
checkpoints. Run a set made elsewhere with  mvn verify -Dmme5.goldens=DIR  (README.md).
"""
import argparse
import hashlib
import json
import math
import os
import shutil
import struct
import sys
import zlib

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "..", "golden")
sys.path.insert(0, os.path.join(HERE, *[".."] * 5, "docs", "reference"))
import mllama_ref as ref  # noqa: E402

BOS, IMG = ref.BOS, ref.IMG
CLIP = ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])

# rope: what text_config says; absent: what the rows of tiles that an arrangement does not have are
MODELS = [
    # one vision head of width 38, tiles that patches do not fill, no global block, input and output of the local blocks kept,
    # cross layers first, last and side by side, as many key heads as heads
    {"name": "f-mixed-5-shards", "tokenizer": "b-f32-v5", "tiles": 4, "shards": 5, "naming": "mixed", "dtypes": ["BF16", "F16", "F32"],
     "odd_header": True, "absent": "partly alike",
     "text": {"hidden": 40, "layers": 5, "heads": 4, "kv_heads": 4, "mlp": 37, "eps": 1e-5, "cross": [4, 0, 1],
              "rope": {"rope_theta": 12345.0, "rope_scaling": {"type": "llama3", "factor": 3.7, "low_freq_factor": 0.7,
                                                              "high_freq_factor": 5.3, "original_max_position_embeddings": 77}}},
     "vision": {"hidden": 38, "layers": 3, "global": 0, "heads": 1, "mlp": 45, "image_size": 29, "patch_size": 6,
                "intermediate": [3, 0, 2], "eps": 1e-6}},
    # two tiles, one text head of width 96, vision heads of width 10, one global block, default RoPE, random rows of absent tiles
    {"name": "g-two-tiles", "tokenizer": "a-bf16-hub", "tiles": 2, "shards": 1, "naming": "new", "dtypes": ["BF16"],
     "odd_header": True, "absent": "random",
     "text": {"hidden": 96, "layers": 3, "heads": 1, "kv_heads": 1, "mlp": 23, "eps": 1e-4, "cross": [1],
              "rope": {"rope_parameters": {"rope_type": "default", "rope_theta": 900.0}}},
     "vision": {"hidden": 20, "layers": 2, "global": 1, "heads": 2, "mlp": 33, "image_size": 20, "patch_size": 7,
                "intermediate": [1], "eps": 1e-5}},
    # one tile of one patch, text heads of width 2, six of them on two key heads, one vision head of width 96, no global block,
    # RoPE from the defaults
    {"name": "h-one-tile", "tokenizer": "c-f16-sharded", "tiles": 1, "shards": 2, "naming": "old", "dtypes": ["F16"],
     "odd_header": False, "absent": "zero", "mean_std": ([0.1, 0.2, 0.3], [1.5, 0.5, 0.25]),
     "text": {"hidden": 12, "layers": 4, "heads": 6, "kv_heads": 2, "mlp": 19, "eps": 1e-5, "cross": [0, 3],
              "rope": {"rope_scaling": None}},
     "vision": {"hidden": 96, "layers": 1, "global": 0, "heads": 1, "mlp": 17, "image_size": 13, "patch_size": 7,
                "intermediate": [0, 1], "eps": 1e-5}},
    # six tiles in 14 arrangements, text heads of width 38, no cross layer at all: pictures change nothing
    {"name": "i-no-cross", "tokenizer": "d-bf16-v5-sharded", "tiles": 6, "shards": 1, "naming": "mixed", "dtypes": ["BF16", "F16"],
     "odd_header": True, "absent": "zero",
     "text": {"hidden": 38, "layers": 2, "heads": 1, "kv_heads": 1, "mlp": 20, "eps": 1e-5, "cross": [],
              "rope": {"rope_theta": 500000.0, "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1,
                                                               "high_freq_factor": 4, "original_max_position_embeddings": 16}}},
     "vision": {"hidden": 6, "layers": 2, "global": 1, "heads": 3, "mlp": 9, "image_size": 12, "patch_size": 4,
                "intermediate": [1], "eps": 1e-5}},
]
MORE_MODELS = [
    {"name": "j-all-cross", "tokenizer": "b-f32-v5", "tiles": 3, "shards": 3, "naming": "mixed", "dtypes": ["F32"],
     "odd_header": True, "absent": "partly alike",
     "text": {"hidden": 30, "layers": 3, "heads": 15, "kv_heads": 5, "mlp": 64, "eps": 1e-5, "cross": [0, 1, 2],
              "rope": {"rope_scaling": {"rope_type": "default"}, "rope_theta": 77.5}},
     "vision": {"hidden": 34, "layers": 4, "global": 2, "heads": 17, "mlp": 1, "image_size": 33, "patch_size": 8,
                "intermediate": [4, 3, 2, 1, 0], "eps": 1e-3}},
    {"name": "k-no-intermediate", "tokenizer": "d-bf16-v5-sharded", "tiles": 6, "shards": 5, "naming": "old", "dtypes": ["F16", "F32"],
     "odd_header": True, "absent": "partly alike",
     "text": {"hidden": 24, "layers": 6, "heads": 4, "kv_heads": 2, "mlp": 65, "eps": 1e-5, "cross": [5, 4, 2],
              "rope": {"rope_parameters": {"rope_type": "llama3", "rope_theta": 5e5, "factor": 32.0, "low_freq_factor": 1.0,
                                           "high_freq_factor": 4.0, "original_max_position_embeddings": 300}}},
     "vision": {"hidden": 21, "layers": 3, "global": 2, "heads": 3, "mlp": 40, "image_size": 24, "patch_size": 5,
                "intermediate": [], "eps": 1e-5}},
    {"name": "l-wide", "tokenizer": "a-bf16-hub", "tiles": 4, "shards": 1, "naming": "new", "dtypes": ["BF16"],
     "odd_header": True, "absent": "zero",
     "text": {"hidden": 210, "layers": 3, "heads": 7, "kv_heads": 1, "mlp": 301, "eps": 1e-5, "cross": [1],
              "rope": {"rope_theta": 500000, "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                                              "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}},
     "vision": {"hidden": 130, "layers": 3, "global": 1, "heads": 13, "mlp": 257, "image_size": 56, "patch_size": 7,
                "intermediate": [2, 1], "eps": 1e-5}},
]

SAY = "Represent the given image.\n"
LONG = "Retrieval of a cat, 12345 dogs and das schöne Straßenbild; "
# id, text, pictures, max_length, detail, models of the committed set ("" for none, "*" for all)
CASES = [
    ("text_short", "A cat", [], None, "trace", "*"),
    ("text_empty", "", [], None, "", "fh"),
    ("text_600", LONG * 24, [], None, "", "fg"),
    ("text_1500", LONG * 62, [], None, "", "f"),
    ("text_cut_to_1", "A cat and a dog", [], 1, "", "fgh"),
    ("text_cut_to_2", "A cat and a dog", [], 2, "", "f"),
    ("text_cut_to_3", "A cat and a dog", [], 3, "", "g"),
    ("image_square", IMG + BOS + SAY, ["noise_1x1.png"], None, "trace", "*"),
    ("image_wide", IMG + BOS + SAY, ["grad_1x2.png"], None, "", "fgi"),
    ("image_very_wide", IMG + BOS + SAY, ["lines_1x4.png"], None, "", "fgh"),
    ("image_tall", IMG + BOS + SAY, ["grad_3x1.png"], None, "full", "fg"),
    ("image_large", IMG + BOS + SAY, ["shapes_800x599.png"], None, "full", "i"),
    ("image_alone", IMG, ["shapes_2x2.png"], None, "", "fh"),
    ("image_after_bos", BOS + IMG + "What is it?", ["shapes_2x2.png"], None, "", "g"),
    ("image_after_text", "Look at this picture: " + IMG + " what is it?", ["grad_1x2.png"], None, "full", "fgh"),
    ("image_last", "What is shown here? " + IMG, ["grad_1x2.png"], None, "", "f"),
    ("images_2_same", IMG * 2 + BOS + "Twice the same.", ["noise_2x1.png"] * 2, None, "", "fg"),
    ("images_2_same_apart", IMG + BOS + "once " + IMG + " and again", ["noise_2x1.png"] * 2, None, "", "fh"),
    ("images_3_last_two_cut", "Compare " + IMG + " in the garden with " + IMG + " and " + IMG,
     ["noise_1x1.png", "shapes_2x2.png", "lines_4x1.png"], 6, "", "f"),
    ("images_4", IMG + " one " + IMG * 2 + BOS + " two, three " + IMG + " four",
     ["noise_1x1.png", "shapes_2x2.png", "grad_1x2.png", "lines_4x1.png"], None, "", "f"),
    ("images_4_consecutive", IMG * 4 + BOS + "Which is it?", ["lines_1x4.png", "noise_1x1.png", "grad_3x1.png", "noise_2x1.png"], None, "", "fg"),
    ("images_5", "a" + IMG + "b" + IMG + IMG + "c" + IMG + "d" + IMG,
     ["noise_1x1.png", "noise_1x1.png", "shapes_2x2.png", "grad_1x2.png", "noise_2x1.png"], None, "", "fh"),
    ("image_cut_to_1", IMG + BOS + SAY, ["grad_1x2.png"], 1, "full", "fg"),
    ("image_cut_to_2", IMG + BOS + SAY, ["grad_1x2.png"], 2, "", "fg"),
    ("image_cut_to_3", IMG + BOS + SAY, ["grad_1x2.png"], 3, "", "h"),
    ("image_cut_off", "Find me an everyday picture like " + IMG, ["shapes_2x2.png"], 5, "full", "gh"),
    ("image_long_text", IMG + BOS + LONG * 26, ["grad_1x2.png"], None, "", "f"),
    ("picture_1px_wide", IMG + BOS + SAY, ["more_1x700.png"], None, "", "f"),
    ("picture_1px_high", IMG + BOS + SAY, ["more_700x1.png"], None, "full", "g"),
    ("picture_rgb16_adam7", IMG + BOS + SAY, ["more_rgb16_adam7_19x23.png"], None, "", "f"),
    ("picture_grey_alpha16", IMG + BOS + SAY, ["more_grey_alpha16_17x31.png"], None, "", "f"),
    ("picture_grey16_trns", IMG + BOS + SAY, ["more_grey16_40x9.png"], None, "", "g"),
    ("picture_grey2", IMG + BOS + SAY, ["more_grey2_21x13.png"], None, "full", "h"),
    ("picture_palette2_trns_adam7", IMG + BOS + SAY, ["more_palette2_trns_adam7_22x15.png"], None, "", "f"),
    ("picture_palette1", IMG + BOS + SAY, ["more_palette1_9x30.png"], None, "", "i"),
]


def rng_for(*names):
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return np.random.RandomState(np.frombuffer(digest[:16], dtype=np.uint32))


def write_json(path, value):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(json.dumps(value) + "\n")


# ------------------------------------------------------------------------------------------------ the reference for any number of tiles
def arrangements(tiles):
    return [(r, c) for r in range(1, tiles + 1) for c in range(1, tiles + 1) if r * c <= tiles]


def generalise(tiles, image_mean, image_std):
    """mllama_ref.py knows models of 4 tiles; these functions differ from its own in that number only."""

    def vision_padding(p, p_padded, real_tiles):
        pad = np.ones((tiles, p_padded), bool)
        pad[:real_tiles, :p] = False
        return pad.reshape(-1)

    def cross_allowed(n, ranges, real_tiles, patches):
        a = np.zeros((n, len(real_tiles), tiles, patches), bool)
        for m, ((start, end), r) in enumerate(zip(ranges, real_tiles)):
            a[start:end, m, :r] = True
        a = a.reshape(n, -1)
        sees = a.any(-1)
        a[~sees] = True
        return a, sees

    def pixel_values(rgb, size, mean, std):
        c, (rows, cols), _ = ref.canvas(rgb, size)
        x = (c.astype(np.float64) * (1 / 255)).astype(np.float32)
        x = (x - np.array(mean, np.float32)) / np.array(std, np.float32)
        out = np.zeros((tiles, 3, size, size), np.float32)
        out[:rows * cols] = x.reshape(rows, size, cols, size, 3).transpose(0, 2, 4, 1, 3).reshape(-1, 3, size, size)
        return out, ref.RATIOS.index((rows, cols)) + 1, rows * cols

    def concat_features(final, intermediate):
        if not intermediate:
            return final
        return np.concatenate([final, np.stack(intermediate, -1).reshape(*final.shape[:-1], -1)], -1)

    def vision_tower(pixels, aspect_id, real_tiles, cfg, w, trace):
        v, q = cfg["vision_config"], "vision_model."
        width, p = v["hidden_size"], v["patch_size"]
        g = v["image_size"] // p
        tokens = g * g + 1
        padded = (tokens + 7) // 8 * 8
        cut = pixels[:, :, :g * p, :g * p].reshape(tiles, 3, g, p, g, p).transpose(0, 2, 4, 1, 3, 5).reshape(tiles, g * g, 3 * p * p)
        e = ref.linear(cut, w[q + "patch_embedding.weight"].reshape(width, -1))
        trace("vision.patch_embedding", e)
        e = e + ref.gate(w[q + "pre_tile_positional_embedding.gate"]) * w[
            q + "pre_tile_positional_embedding.embedding.weight"][aspect_id].reshape(tiles, 1, width)
        trace("vision.after_pre_tile", e)
        e = np.concatenate([np.broadcast_to(w[q + "class_embedding"], (tiles, 1, width)), e], 1)
        pg = ref.gate(w[q + "gated_positional_embedding.gate"])
        own = w[q + "gated_positional_embedding.tile_embedding.weight"][aspect_id].reshape(tiles, tokens, width)
        e = e + (1 - pg) * w[q + "gated_positional_embedding.embedding"] + pg * own
        trace("vision.after_position", e)
        e = ref.layer_norm(e, w[q + "layernorm_pre.weight"], w[q + "layernorm_pre.bias"], 1e-5)
        trace("vision.layernorm_pre", e)
        x = np.concatenate([e, np.zeros((tiles, padded - tokens, width), e.dtype)], 1).reshape(tiles * padded, width)
        allowed = ref.vision_allowed(vision_padding(tokens, padded, real_tiles))
        states = [x]
        for j in range(v["num_hidden_layers"]):
            x = ref.vision_block(x, w, f"{q}transformer.layers.{j}.", v["attention_heads"], v["norm_eps"], allowed, False)
            trace(f"vision.transformer.{j}", x)
            states.append(x)
        z = ref.layer_norm(x, w[q + "layernorm_post.weight"], w[q + "layernorm_post.bias"], 1e-5)
        trace("vision.layernorm_post", z)
        post = w[q + "post_tile_positional_embedding.embedding.weight"][aspect_id].reshape(tiles, 1, width)
        z = z.reshape(tiles, padded, width) + ref.gate(w[q + "post_tile_positional_embedding.gate"]) * post
        z = z.reshape(tiles * padded, width)
        trace("vision.after_post_tile", z)
        for j in range(v["num_global_layers"]):
            z = ref.vision_block(z, w, f"{q}global_transformer.layers.{j}.", v["attention_heads"], v["norm_eps"], allowed, True)
            trace(f"vision.global_transformer.{j}", z)
        out = concat_features(z, [states[i] for i in v["intermediate_layers_indices"]])
        return out.reshape(tiles, padded, -1)[:, :tokens]

    ref.RATIOS = arrangements(tiles)
    ref.cross_allowed, ref.pixel_values, ref.vision_tower = cross_allowed, pixel_values, vision_tower


# ------------------------------------------------------------------------------------------------ checkpoints
def config_json(m, ids):
    t, v = m["text"], m["vision"]
    text = {"model_type": "mllama_text_model", "vocab_size": ids, "hidden_size": t["hidden"], "hidden_act": "silu",
            "num_hidden_layers": t["layers"], "num_attention_heads": t["heads"], "num_key_value_heads": t["kv_heads"],
            "intermediate_size": t["mlp"], "rms_norm_eps": t["eps"], "max_position_embeddings": 131072,
            "cross_attention_layers": t["cross"], "tie_word_embeddings": False} | t["rope"]
    vision = {"model_type": "mllama_vision_model", "hidden_size": v["hidden"], "hidden_act": "gelu",
              "num_hidden_layers": v["layers"], "num_global_layers": v["global"], "attention_heads": v["heads"], "num_channels": 3,
              "intermediate_size": v["mlp"], "vision_output_dim": v["hidden"] * (1 + len(v["intermediate"])),
              "image_size": v["image_size"], "patch_size": v["patch_size"], "norm_eps": v["eps"], "max_num_tiles": m["tiles"],
              "intermediate_layers_indices": v["intermediate"], "supported_aspect_ratios": arrangements(m["tiles"])}
    return {"architectures": ["MllamaForConditionalGeneration"], "image_token_index": ids, "model_type": "mllama",
            "text_config": text, "vision_config": vision}


def tensor_shapes(m, ids):
    """Names of 2024 -> shapes, without lm_head."""
    t, v = m["text"], m["vision"]
    H, d, kv = t["hidden"], t["hidden"] // t["heads"], t["hidden"] // t["heads"] * t["kv_heads"]
    shapes = {"language_model.model.embed_tokens.weight": (ids + 8, H), "language_model.model.norm.weight": (H,)}
    for i in range(t["layers"]):
        p = f"language_model.model.layers.{i}."
        a = p + ("cross_attn." if i in t["cross"] else "self_attn.")
        shapes |= {a + "q_proj.weight": (H, H), a + "k_proj.weight": (kv, H), a + "v_proj.weight": (kv, H), a + "o_proj.weight": (H, H)}
        if i in t["cross"]:
            shapes |= {a + "q_norm.weight": (d,), a + "k_norm.weight": (d,), p + "cross_attn_attn_gate": (1,), p + "cross_attn_mlp_gate": (1,)}
        shapes |= {p + "mlp.gate_proj.weight": (t["mlp"], H), p + "mlp.up_proj.weight": (t["mlp"], H), p + "mlp.down_proj.weight": (H, t["mlp"]),
                   p + "input_layernorm.weight": (H,), p + "post_attention_layernorm.weight": (H,)}
    D, T, A, I = v["hidden"], m["tiles"], len(arrangements(m["tiles"])) + 1, v["mlp"]
    P, q = (v["image_size"] // v["patch_size"]) ** 2 + 1, "vision_model."
    shapes |= {q + "patch_embedding.weight": (D, 3, v["patch_size"], v["patch_size"]), q + "class_embedding": (D,),
               q + "gated_positional_embedding.embedding": (P, D), q + "gated_positional_embedding.gate": (1,),
               q + "gated_positional_embedding.tile_embedding.weight": (A, T * P * D)}
    for n in ("pre_tile_positional_embedding", "post_tile_positional_embedding"):
        shapes |= {q + n + ".embedding.weight": (A, T * D), q + n + ".gate": (1,)}
    for n in ("layernorm_pre", "layernorm_post"):
        shapes |= {q + n + ".weight": (D,), q + n + ".bias": (D,)}
    for stack, count in (("transformer", v["layers"]), ("global_transformer", v["global"])):
        for i in range(count):
            p = f"{q}{stack}.layers.{i}."
            for n in "qkvo":
                shapes[p + f"self_attn.{n}_proj.weight"] = (D, D)
            shapes |= {p + "mlp.fc1.weight": (I, D), p + "mlp.fc1.bias": (I,), p + "mlp.fc2.weight": (D, I), p + "mlp.fc2.bias": (D,)}
            for n in ("input_layernorm", "post_attention_layernorm"):
                shapes |= {p + n + ".weight": (D,), p + n + ".bias": (D,)}
            if stack == "global_transformer":
                shapes |= {p + "gate_attn": (1,), p + "gate_ffn": (1,)}
    shapes["multi_modal_projector.weight"] = (H, D * (1 + len(v["intermediate"])))
    shapes["multi_modal_projector.bias"] = (H,)
    return shapes


def random_tensor(name, shape, rs):
    """Nothing is near zero or one: every gate, norm and bias shows."""
    z = rs.standard_normal(shape)
    if "gate" in name and "gate_proj" not in name:
        return rs.uniform(0.4, 1.1, shape) * rs.choice([-1, 1], shape)
    if name.endswith(("q_norm.weight", "k_norm.weight")):
        return 1.4 + 0.3 * z
    if "norm" in name:
        return 1 + 0.25 * z if name.endswith("weight") else 0.15 * z
    if name.endswith("bias"):
        return 0.15 * z
    if "embed_tokens" in name:
        return 0.7 * z
    if name.endswith("patch_embedding.weight"):
        return z / math.sqrt(np.prod(shape[1:]))
    if "embedding" in name:
        return 0.5 * z
    return z * (1.5 if name.endswith(("q_proj.weight", "k_proj.weight")) else 1.0) / math.sqrt(shape[-1])


def settle_absent(m, name, value):
    """Rows of tiles that an arrangement does not have: zero as in real checkpoints, random, or alike for some arrangements and tables only."""
    if "tile_embedding" not in name and "tile_positional_embedding.embedding" not in name or m["absent"] == "random":
        return value
    rows = value.reshape(len(arrangements(m["tiles"])) + 1, m["tiles"], -1)
    for a, (r, c) in enumerate(arrangements(m["tiles"]), start=1):
        if m["absent"] == "zero":
            rows[a, r * c:] = 0
        elif a % 2 or "post_tile" not in name:
            rows[a, r * c:] = rows[a, r * c:r * c + 1]
    if m["absent"] == "zero":
        rows[0] = 0
    return value


def encoded(value, dtype):
    f = value.astype(np.float32)
    if dtype == "F32":
        return f.astype("<f4").tobytes()
    if dtype == "F16":
        return f.astype("<f2").tobytes()
    bits = f.view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()


def write_safetensors(path, tensors, odd_header=False):
    """tensors: name -> (dtype, shape, bytes). An odd header puts every element at an odd address."""
    header, blob = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, shape, raw) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [len(blob), len(blob) + len(raw)]}
        blob += raw
    head = json.dumps(header).encode()
    head += b" " * (1 - len(head) % 2 if odd_header else -len(head) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + blob)


def new_naming(name):
    return "model." + name.replace("language_model.model.", "language_model.", 1)


def write_model(m, seed, folder):
    os.makedirs(folder, exist_ok=True)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(os.path.join(GOLDEN, "models", m["tokenizer"], file), os.path.join(folder, file))
    with open(os.path.join(folder, "tokenizer.json"), encoding="utf-8") as f:
        ids = next(a["id"] for a in json.load(f)["added_tokens"] if a["content"] == IMG)
    mean, std = m.get("mean_std", CLIP)
    size = m["vision"]["image_size"]
    write_json(os.path.join(folder, "config.json"), config_json(m, ids))
    write_json(os.path.join(folder, "preprocessor_config.json"), {
        "do_convert_rgb": True, "do_normalize": True, "do_pad": True, "do_rescale": True, "do_resize": True, "image_mean": mean,
        "image_processor_type": "MllamaImageProcessor", "image_std": std, "max_image_tiles": m["tiles"], "resample": 2,
        "rescale_factor": 0.00392156862745098, "size": {"height": size, "width": size}})
    rs = rng_for(seed, m["name"], "layout")
    shards = [{} for _ in range(m["shards"])]
    for i, (name, shape) in enumerate(tensor_shapes(m, ids).items()):
        value = settle_absent(m, name, np.asarray(random_tensor(name, shape, rng_for(seed, m["name"], name)), np.float64))
        dtype = m["dtypes"][rs.randint(len(m["dtypes"]))]
        new = m["naming"] == "new" or m["naming"] == "mixed" and rs.randint(2)
        shard = i if i < m["shards"] else rs.randint(m["shards"])
        shards[shard][new_naming(name) if new else name] = (dtype, shape, encoded(value, dtype))
    if m["shards"] == 1:
        write_safetensors(os.path.join(folder, "model.safetensors"), shards[0], m["odd_header"])
        return
    weight_map = {}
    for s, tensors in enumerate(shards):
        file = f"model-{s + 1:05d}-of-{m['shards']:05d}.safetensors"
        write_safetensors(os.path.join(folder, file), tensors, m["odd_header"])
        weight_map |= {name: file for name in tensors}
    total = sum(len(raw) for tensors in shards for _, _, raw in tensors.values())
    write_json(os.path.join(folder, "model.safetensors.index.json"),
               {"metadata": {"total_size": total}, "weight_map": dict(sorted(weight_map.items()))})


# ------------------------------------------------------------------------------------------------ pictures
def png(path, samples, bits, colour_type, interlaced=False, extra=b""):
    """samples [height, width, channels] of `bits` bits each."""
    def rows(part):
        out = b""
        for line in part:
            flat = line.reshape(-1)
            if bits == 16:
                raw = flat.astype(">u2").tobytes()
            elif bits == 8:
                raw = flat.astype(np.uint8).tobytes()
            else:
                each = ((flat[:, None] >> np.arange(bits - 1, -1, -1)) & 1).reshape(-1).astype(np.uint8)
                raw = np.packbits(each).tobytes()
            out += b"\0" + raw
        return out

    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    height, width, _ = samples.shape
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    parts = [samples[y::dy, x::dx] for y, x, dy, dx in passes] if interlaced else [samples]
    data = b"".join(rows(p) for p in parts if p.size)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, interlaced))
                + extra + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def make_pictures(folder):
    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    os.makedirs(folder, exist_ok=True)
    rs = rng_for("pictures")
    at = lambda name: os.path.join(folder, f"more_{name}.png")
    png(at("1x700"), rs.randint(0, 256, (700, 1, 3)), 8, 2)
    png(at("700x1"), rs.randint(0, 256, (1, 700, 3)), 8, 2)
    png(at("rgb16_adam7_19x23"), rs.randint(0, 65536, (23, 19, 3)), 16, 2, interlaced=True)
    png(at("grey_alpha16_17x31"), rs.randint(0, 65536, (31, 17, 2)), 16, 4)
    png(at("grey16_40x9"), rs.randint(0, 520, (9, 40, 1)), 16, 0)
    png(at("grey2_21x13"), rs.randint(0, 4, (13, 21, 1)), 2, 0)
    palette = chunk(b"PLTE", rs.randint(0, 256, 12).astype(np.uint8).tobytes()) + chunk(b"tRNS", bytes([255, 0, 93]))
    png(at("palette2_trns_adam7_22x15"), rs.randint(0, 4, (15, 22, 1)), 2, 3, interlaced=True, extra=palette)
    png(at("palette1_9x30"), rs.randint(0, 2, (30, 9, 1)), 1, 3, extra=chunk(b"PLTE", bytes([200, 30, 7, 2, 90, 255])))


# ------------------------------------------------------------------------------------------------ goldens
def run_model(m, out, everything):
    generalise(m["tiles"], *m.get("mean_std", CLIP))
    model = ref.Model(os.path.join(out, "models", m["name"]), np.float64)
    images = os.path.join(out, "images")
    tensors, entries = {}, []
    for name, text, pictures, limit, detail, letters in CASES:
        if not everything and letters != "*" and m["name"][0] not in letters:
            continue
        files = [os.path.join(images if p.startswith("more_") else os.path.join(GOLDEN, "images"), p) for p in pictures]
        got = {}
        ids, pooled, embedding = model.embed(text, [ref.to_rgb(Image.open(p)) for p in files], limit, got.__setitem__)
        entries.append({"id": name, "text": text, "images": [os.path.relpath(p, images) for p in files], "max_length": limit,
                        "prompt": ref.build_prompt(text), "input_ids": ids, "detail": detail or "embedding"})
        keep = {"embedding": embedding, "pooled": pooled}
        for stage in ("pixel_values", "vision.output", "projected") if detail and files else ():
            keep[stage] = np.stack([got[f"{stage}.{i}"] for i in range(len(files))])
        for stage, value in got.items():
            if stage.startswith("text.") and detail:
                keep[stage if detail == "trace" else stage + ".last"] = value if detail == "trace" else value[-1]
            elif stage.endswith(".image0") and detail == "trace":
                keep[stage.removesuffix(".image0")] = value
        for stage, value in keep.items():
            tensors[f"{name}/{stage}"] = ("F32", np.shape(value), np.asarray(value, "<f4").tobytes())
    write_json(os.path.join(out, "goldens", m["name"] + ".json"), {"model": m["name"], "cases": entries})
    write_safetensors(os.path.join(out, "goldens", m["name"] + ".safetensors"), dict(sorted(tensors.items())))
    print(f"{m['name']}: {len(entries)} cases")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", default=HERE)
    ap.add_argument("--seed", type=int, default=20260101)
    ap.add_argument("--all", action="store_true")
    args = ap.parse_args()
    make_pictures(os.path.join(args.out, "images"))
    for m in MODELS + (MORE_MODELS if args.all else []):
        write_model(m, args.seed, os.path.join(args.out, "models", m["name"]))
        run_model(m, args.out, args.all)


if __name__ == "__main__":
    main()
