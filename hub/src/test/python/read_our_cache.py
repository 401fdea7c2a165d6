"""Checks that Python's huggingface_hub finds a model that mme5 downloaded, without a network.

    HF_HUB_OFFLINE=1 python3 hub/src/test/python/read_our_cache.py CACHE ORG/NAME
"""
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache  # noqa: E402
import huggingface_hub  # noqa: E402

cache, repository = sys.argv[1:]
folder = snapshot_download(repository, cache_dir=cache)
assert folder == snapshot_download(repository, cache_dir=cache, local_files_only=True)
config = hf_hub_download(repository, "config.json", cache_dir=cache)
assert os.path.dirname(config) == folder, (config, folder)
weights = try_to_load_from_cache(repository, "model.safetensors", cache_dir=cache)
assert os.path.isfile(weights), weights
assert not isinstance(try_to_load_from_cache(repository, "preprocessor_config.json", cache_dir=cache), str)
scan = scan_cache_dir(cache)
assert not scan.warnings, scan.warnings
(repo,) = scan.repos
(revision,) = repo.revisions
assert repo.repo_id == repository and "main" in revision.refs
print(f"huggingface_hub {huggingface_hub.__version__} finds {repository}: {revision.nb_files} files, {repo.size_on_disk} bytes")
