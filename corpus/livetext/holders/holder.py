"""Keeps tokens and passwords as an application does, among much other text.

Arguments: PLAN READY MEBIBYTES MASK
"""

import glob
import json
import os
import sys
import time

path, ready, budget, mask = sys.argv[1], sys.argv[2], int(sys.argv[3]) << 20, int(sys.argv[4])
keep = []


def other_text():
    """Texts of this machine, rows, logs, random and empty memory."""
    left = budget // 2
    for name in sorted(glob.glob("/usr/share/doc/*/*") + glob.glob(os.path.dirname(os.__file__) + "/*.py")):
        if left < 0:
            break
        try:
            with open(name, "rb") as f:
                data = f.read(40000)
        except OSError:
            continue
        left -= len(data)
        keep.append(data.decode("utf-8", "replace") if len(keep) % 3 else data)
    for i in range(budget // 4000):
        keep.append(json.dumps({"id": i, "customer": f"c{i % 977}", "state": "open", "lines": [i, i + 1]}))
        keep.append(f"2026-11-22T03:{i % 60:02}:07Z INFO orders: order {i} of customer c{i % 977} stored")
    keep.append(os.urandom(budget // 8))
    keep.append(bytearray(budget // 8))


def plant(i, encoding, stands, data):
    """Keeps one plant in the form that its number says."""
    if encoding == "utf16":
        # A first character outside Latin-1 makes CPython keep two bytes each.
        keep.append(data if i % 2 else ("\u2192 ".encode("utf-16-le") + data).decode("utf-16-le"))
        return
    if encoding == "base64":
        text = data.decode("ascii")
        keep.append([text, {"payload": text}, json.dumps({"data": text}), f"GET /in?m={text}&v=2"][i % 4])
        return
    if stands == "placed":
        name, _, value = data.partition(b"=")
        if name.isupper() or name == b"DB_PASSWORD":
            os.environ[name.decode()] = value.decode()
            return
        keep.append([data.decode("ascii"), bytes(data), {"m": data.decode("ascii")}][i % 3])
        return
    text = data.decode("ascii")
    forms = [
        lambda: text,
        lambda: bytes(data),
        lambda: {"v": text, "n": i},
        lambda: json.dumps({"id": i, "v": text, "ok": True}),
        lambda: f"2026-11-22T03:14:07Z DEBUG client: retry with {text} after 3 s",
    ]
    keep.append(forms[i % len(forms)]())


other_text()
with open(path, encoding="ascii") as f:
    lines = f.readlines()
os.unlink(path)
for i, line in enumerate(lines):
    encoding, stands, masked = line.split()
    plant(i, encoding, stands, bytes(b ^ mask for b in bytes.fromhex(masked)))
    for k in range(200):
        keep.append(f"step {i} {k}")
open(ready, "w").close()
while True:
    time.sleep(1)
