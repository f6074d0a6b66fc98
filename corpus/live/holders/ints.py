"""RSA with the integers of the language, as programs without a library do it.

Arguments: READY KEYS. KEYS is a JSON object of n, e, d, p, q, dp, dq, qinv in
hexadecimal. From the first SIGUSR1 on, three threads sign over and over.
"""

import json
import secrets
import signal
import sys
import threading


class Key:
    pass


key = Key()
with open(sys.argv[2], encoding="ascii") as f:
    for name, value in json.load(f).items():
        setattr(key, name, int(value, 16))


def sign(k, m):
    a, b = pow(m, k.dp, k.p), pow(m, k.dq, k.q)
    s = b + (a - b) * k.qinv % k.p * k.q
    if pow(s, k.e, k.n) != m:
        raise ValueError("the signature is wrong")
    return s


def busy(*_):
    def forever():
        while True:
            sign(key, secrets.randbelow(key.n))

    for _ in range(3):
        threading.Thread(target=forever, daemon=True).start()


for _ in range(5):
    m = secrets.randbelow(key.n)
    if pow(m, key.d, key.n) != sign(key, m):
        raise ValueError("the key is wrong")
signal.signal(signal.SIGUSR1, busy)
open(sys.argv[1], "w").close()
while True:
    signal.pause()
