"""Trains the tokenizer: a byte-level BPE of 16,384 tokens with Llama 3's pattern, and four special tokens.

    python tok.py WORK

In: WORK/texts.pkl (names, and keywords that are not held back). Out: WORK/tokenizer.json. The image token comes last, and its id is the
vocabulary size that config.json states, as in Llama 3.2. Needs tokenizers.
"""

import pickle
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

INSTRUCTIONS = ['Find me an everyday image that matches the given caption: .\n', 'Represent the given image.\n',
                'Represent the given image with the following question: \n']
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
           r'|\s*[\r\n]+|\s+(?!\S)|\s+')
SPECIAL = ['<|begin_of_text|>', '<|end_of_text|>', '<|finetune_right_pad_id|>', '<|image|>']


def corpus(items):
    for number, item in enumerate(items):
        for name, keywords in item['txt'].values():
            yield name
            yield ' ' + name
            if number % 10:  # as data.held
                yield from keywords
    for _ in range(20000):
        yield from INSTRUCTIONS


def main(work):
    items = pickle.load(open(work + '/texts.pkl', 'rb'))
    tok = Tokenizer(models.BPE(ignore_merges=True))
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), 'isolated', invert=False),
        pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=False)])
    tok.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=16384, initial_alphabet=alphabet, show_progress=False, min_frequency=3)
    tok.train_from_iterator(corpus(items), trainer)
    tok.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in SPECIAL])
    tok.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    tok.save(work + '/tokenizer.json')
    print(tok.get_vocab_size(), 'tokens')


if __name__ == '__main__':
    main(sys.argv[1])
