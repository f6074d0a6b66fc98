"""A TLS server that also keeps keys as an application does: texts in a dict.

Arguments: ADDR READY CERT KEY CERT KEY PEM JWK WIDE
"""

import json
import socket
import ssl
import sys
import threading

addr, ready = sys.argv[1], sys.argv[2]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[3], sys.argv[4])
context.load_cert_chain(sys.argv[5], sys.argv[6])


def text(path):
    with open(path, encoding="ascii") as f:
        return f.read()


jwk_text = text(sys.argv[8])
config = {
    "pem": text(sys.argv[7]),
    "json": json.dumps({"key": text(sys.argv[7])}),
    "jwk_text": jwk_text,
    "jwk": json.loads(jwk_text),
    "wide": text(sys.argv[9]).encode("utf-16-le"),
}
config["d"] = int.from_bytes(__import__("base64").urlsafe_b64decode(config["jwk"]["d"] + "=="), "big")


def serve(conn):
    try:
        with context.wrap_socket(conn, server_side=True) as tls:
            while data := tls.recv(4096):
                tls.sendall(b"%d bytes\n" % len(data))
    except OSError:
        pass


host, port = addr.rsplit(":", 1)
listener = socket.create_server((host, int(port)))
open(ready, "w").close()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
