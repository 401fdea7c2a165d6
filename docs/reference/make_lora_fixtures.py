#!/usr/bin/env python3
"""LoRA adapters for the tiny reference models, and what peft + transformers compute with them.

usage: make_lora_fixtures.py FIXTURES      (engine/src/test/resources/golden)

Needs what make_fixtures.py needs, and peft (0.21). Writes FIXTURES/adapters/NAME/: adapter_config.json and adapter_model.safetensors as
peft saves them, and cases.json and embeddings.safetensors: the base model is loaded in the type that it is stored in, the adapter is merged by
peft's merge_and_unload, and the merged weights are run in float32, as everywhere here. `merged.safetensors` holds some merged weights."""
import json, os, shutil, sys
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from PIL import Image
import make_fixtures as base
from transformers import MllamaForConditionalGeneration, MllamaProcessor, PreTrainedTokenizerFast
from transformers.models.mllama.image_processing_pil_mllama import MllamaImageProcessorPil

# name: (base model, peft's options, type that the adapter is stored in, whether its names are those of 2024)
ADAPTERS = {
    "plain": ("a-bf16-hub", dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj", "down_proj", "embed_tokens", "patch_embedding"]), torch.float32, True),
    "patterns": ("b-f32-v5", dict(
        r=3, lora_alpha=5, use_rslora=True, bias="all",
        target_modules=r".*(_proj|fc1|fc2|multi_modal_projector|patch_embedding|embed_tokens)",
        rank_pattern={r"layers\.[01]\.self_attn\.q_proj": 6, "fc1": 2}, alpha_pattern={"fc1": 7, r".*layers\.1\..*o_proj": 1}), torch.float32, False),
    "biases": ("c-f16-sharded", dict(
        r=2, lora_alpha=3, bias="lora_only", target_modules=["fc1", "k_proj", "multi_modal_projector"]), torch.bfloat16, False),
}
CASES = 6


def model_of(folder, dtype):
    return MllamaForConditionalGeneration.from_pretrained(folder, dtype=dtype, attn_implementation="eager").eval()


def make(root, name):
    model_name, options, stored, old_names = ADAPTERS[name]
    folder, out = os.path.join(root, "models", model_name), os.path.join(root, "adapters", name)
    shutil.rmtree(out, ignore_errors=True)
    dtype = {"bf16": torch.bfloat16, "f16": torch.float16, "f32": torch.float32}[model_name.split("-")[1]]
    peft = get_peft_model(model_of(folder, dtype), LoraConfig(**options))
    generator = torch.Generator().manual_seed(sum(map(ord, name)))
    for key, value in sorted(peft.named_parameters()):
        if "lora_" in key:
            value.data = (torch.randn(value.shape, generator=generator) * 0.35).to(value.dtype)
        elif key.endswith("bias") and value.requires_grad:
            value.data += (torch.randn(value.shape, generator=generator) * 0.1).to(value.dtype)
    peft.save_pretrained(out)
    for extra in os.listdir(out):
        if extra not in ("adapter_config.json", "adapter_model.safetensors"):
            os.remove(os.path.join(out, extra))
    config = os.path.join(out, "adapter_config.json")
    with open(config) as f:
        saved = json.load(f)
    saved["base_model_name_or_path"] = model_name
    for key in ("target_modules",):
        if isinstance(saved[key], list):
            saved[key].sort()  # peft keeps a set
    base.write_json(config, saved, indent=2)
    file = os.path.join(out, "adapter_model.safetensors")
    tensors = {k: v.to(stored) if "lora_" in k else v for k, v in load_file(file).items()}
    save_file(tensors, file, metadata={"format": "pt"})

    merged = PeftModel.from_pretrained(model_of(folder, dtype), out).merge_and_unload()
    weights = {k: v.float() for k, v in merged.state_dict().items()}
    model = model_of(folder, torch.float32)
    plain = {k: v.clone() for k, v in model.state_dict().items()}
    changed = [k for k in plain if not torch.equal(plain[k], weights[k])]
    print(name, len(changed), "weights differ from the base model")
    model.load_state_dict(weights)
    if old_names:
        start = "base_model.model."
        rename = lambda k: start + k.removeprefix(start + "model.").replace("language_model.", "language_model.model.", 1)
        save_file({rename(k): v for k, v in tensors.items()}, file, metadata={"format": "pt"})

    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    with open(os.path.join(folder, "preprocessor_config.json")) as f:
        pre = {k: v for k, v in json.load(f).items() if k != "image_processor_type"}
    processor = MllamaProcessor(image_processor=MllamaImageProcessorPil(**pre), tokenizer=tokenizer)
    with open(os.path.join(root, "goldens", model_name + ".json")) as f:
        cases = json.load(f)["cases"]
    cases = [c for c in cases if c["max_length"] is None]
    cases = [c for c in cases if not c["images"]][:2] + [c for c in cases if c["images"]][:CASES - 2]
    goldens = {}
    for case in cases:
        images = [Image.open(os.path.join(root, "images", n)) for n in case["images"]]
        inputs = processor(text=case["text"], images=[images] if images else None, return_tensors="pt")
        assert inputs["input_ids"][0].tolist() == case["input_ids"], case["id"]
        goldens[case["id"]] = base.embed(model, inputs)[1].contiguous()
    save_file(goldens, os.path.join(out, "embeddings.safetensors"))
    base.write_json(os.path.join(out, "cases.json"), {"model": model_name, "cases": [
        {"id": c["id"], "text": c["text"], "images": c["images"]} for c in cases]})
    sample = changed if len(changed) < 9 else changed[::len(changed) // 8][:8]
    save_file({k: merged.state_dict()[k].contiguous() for k in sample}, os.path.join(out, "merged.safetensors"))


base.patch_intermediate_states()
for adapter in ADAPTERS:
    make(sys.argv[1], adapter)
