"""Results as experiments leave them, made up."""

import json

ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63680000008200"
    "8177cd72b60000000049454e44ae426082"
)


def results(folder, name, **data):
    content = {"experiment": name, "seed": 3, "complete": True, "findings": ["s_1 <b>grows"], **data}
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
