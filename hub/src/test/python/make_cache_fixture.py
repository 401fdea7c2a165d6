"""Makes src/test/fixtures/python-cache with Python's huggingface_hub (1.33.0 was used), from a hub on this machine.

    python3 hub/src/test/python/make_cache_fixture.py hub/src/test/fixtures/python-cache

The cache holds one tiny sharded model, downloaded whole by its branch. The server below speaks as much of the protocol as that
takes. What the client writes for itself only (locks) is left out.
"""
import hashlib
import http.server
import json
import os
import shutil
import sys
import threading

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"
REPO = "acme/from-python"


def git_sha1(data):
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


INDEX = {"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
FILES = {
    "config.json": b'{"model_type": "tiny"}\n',
    "tokenizer.json": b"{}\n",
    "README.md": b"# from Python\n",
    "1_Pooling/config.json": b'{"pooling_mode_lasttoken": true}\n',
    "model.safetensors.index.json": json.dumps(INDEX).encode(),
    "model-00001-of-00002.safetensors": b"first shard",
    "model-00002-of-00002.safetensors": b"second shard",
}


def is_large(name):
    return name.endswith(".safetensors")


def etag(name):
    return hashlib.sha256(FILES[name]).hexdigest() if is_large(name) else git_sha1(FILES[name])


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.startswith(f"/api/models/{REPO}/revision/"):
            siblings = [{"rfilename": name} for name in FILES]
            body = {"id": REPO, "sha": COMMIT, "siblings": siblings, "tags": [], "private": False, "downloads": 0, "likes": 0}
            return self.reply(200, json.dumps(body).encode(), Content_Type="application/json")
        if path.startswith(f"/api/models/{REPO}/tree/"):
            entries = []
            for name, data in FILES.items():
                entry = {"type": "file", "path": name, "size": len(data), "oid": git_sha1(data)}
                if is_large(name):
                    entry["lfs"] = {"oid": etag(name), "size": len(data), "pointerSize": 130}
                entries.append(entry)
            return self.reply(200, json.dumps(entries).encode(), Content_Type="application/json")
        prefix = f"/{REPO}/resolve/{COMMIT}/"
        name = path[len(prefix):]
        if not path.startswith(prefix) or name not in FILES:
            return self.reply(404, X_Error_Code="EntryNotFound", X_Repo_Commit=COMMIT)
        headers = {"ETag": f'"{etag(name)}"', "X_Repo_Commit": COMMIT}
        if is_large(name):
            headers |= {"X_Linked_Etag": f'"{etag(name)}"', "X_Linked_Size": str(len(FILES[name]))}
        self.reply(200, FILES[name], **headers)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


def main(target):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["HF_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
    os.environ["HF_HUB_DISABLE_XET"] = "1"
    from huggingface_hub import hf_hub_download, snapshot_download
    from huggingface_hub.errors import EntryNotFoundError

    shutil.rmtree(target, ignore_errors=True)
    snapshot_download(REPO, cache_dir=target)
    try:
        hf_hub_download(REPO, "preprocessor_config.json", revision=COMMIT, cache_dir=target)
    except EntryNotFoundError:
        pass   # recorded in .no_exist
    shutil.rmtree(os.path.join(target, ".locks"), ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
