"""Writes the model as an ordinary Hugging Face folder: bf16, tensor names of 2024, no lm_head.

    python export.py WORK VISION_RUN TEXT_RUN FOLDER

Needs safetensors.
"""

import json
import os
import sys

import torch
from safetensors.torch import save_file

import net
from data import Names

LONGEST = 512


def trained(work, vision_run, text_run):
    """The weights of both runs in one model: the last ones of the pictures' run, whose rate has fallen to 0, and averages of the other's."""
    names = Names(work)
    model = net.Net(names.image)
    state = model.state_dict()
    for run, which in ((vision_run, 'parameters'), (text_run, 'average')):
        state.update({n: p for n, p in torch.load(run + '/checkpoint.pt')[which].items() if n in state})
    model.load_state_dict(state)
    return names, model


def write_json(path, value):
    with open(path, 'w', encoding='utf-8', newline='\n') as out:
        out.write(json.dumps(value, indent=2, ensure_ascii=False) + '\n')


def config(names):
    bos, end, pad = (names.tok.token_to_id(t) for t in ('<|begin_of_text|>', '<|end_of_text|>', '<|finetune_right_pad_id|>'))
    return {
        'architectures': ['MllamaForConditionalGeneration'], 'model_type': 'mllama', 'torch_dtype': 'bfloat16',
        'image_token_index': names.image,
        'text_config': {
            'model_type': 'mllama_text_model', 'vocab_size': names.image, 'hidden_size': net.H, 'hidden_act': 'silu',
            'num_hidden_layers': net.TL, 'num_attention_heads': net.TH, 'num_key_value_heads': net.TKV,
            'intermediate_size': net.TI, 'rms_norm_eps': 1e-5,
            'max_position_embeddings': LONGEST, 'rope_theta': net.THETA, 'cross_attention_layers': net.CROSS, 'tie_word_embeddings': False,
            'bos_token_id': bos, 'eos_token_id': end, 'pad_token_id': pad},
        'vision_config': {
            'model_type': 'mllama_vision_model', 'hidden_size': net.D, 'hidden_act': 'gelu', 'num_hidden_layers': net.LOCAL,
            'num_global_layers': net.GLOBAL, 'attention_heads': net.HEADS, 'num_channels': 3, 'intermediate_size': 4 * net.D,
            'vision_output_dim': net.D * (1 + len(net.INTER)), 'image_size': net.S, 'patch_size': net.PATCH, 'norm_eps': 1e-5,
            'max_num_tiles': net.T,
            'intermediate_layers_indices': net.INTER, 'supported_aspect_ratios': [list(r) for r in net.RATIOS]}}


def main(work, vision_run, text_run, folder):
    names, model = trained(work, vision_run, text_run)
    os.makedirs(folder, exist_ok=True)
    tensors = {n: t.to(torch.bfloat16).contiguous() for n, t in model.checkpoint().items()}
    save_file(tensors, folder + '/model.safetensors', metadata={'format': 'pt'})
    os.chmod(folder + '/model.safetensors', 0o644)
    write_json(folder + '/config.json', config(names))
    write_json(folder + '/preprocessor_config.json', {
        'image_processor_type': 'MllamaImageProcessor', 'do_convert_rgb': True, 'do_resize': True, 'do_rescale': True, 'do_normalize': True,
        'do_pad': True, 'image_mean': [0.48145466, 0.4578275, 0.40821073], 'image_std': [0.26862954, 0.26130258, 0.27577711],
        'max_image_tiles': net.T, 'resample': 2, 'rescale_factor': 1 / 255, 'size': {'height': net.S, 'width': net.S}})
    write_json(folder + '/tokenizer_config.json', {
        'tokenizer_class': 'PreTrainedTokenizerFast', 'bos_token': '<|begin_of_text|>', 'eos_token': '<|end_of_text|>',
        'pad_token': '<|finetune_right_pad_id|>', 'clean_up_tokenization_spaces': False,
        'model_input_names': ['input_ids', 'attention_mask'], 'model_max_length': LONGEST})
    names.tok.save(folder + '/tokenizer.json', pretty=False)
    parameters, size = sum(t.numel() for t in tensors.values()), os.path.getsize(folder + '/model.safetensors')
    print(f'{parameters / 1e6:.2f} M parameters, {size / 1e6:.1f} MB')


if __name__ == '__main__':
    main(*sys.argv[1:])
