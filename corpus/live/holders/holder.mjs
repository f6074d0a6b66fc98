// An HTTPS server that also imports a key from a JWK and signs with it.
// Arguments: HOST PORT READY CERT KEY CERT KEY JWK
import { createPrivateKey, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";

const [host, port, ready, cert1, key1, cert2, key2, jwkFile] = process.argv.slice(2);
const config = { jwkText: readFileSync(jwkFile, "utf8") };
config.jwk = JSON.parse(config.jwkText);
config.key = createPrivateKey({ key: config.jwk, format: "jwk" });
globalThis.config = config;

const server = createServer(
  {
    cert: [readFileSync(cert1), readFileSync(cert2)],
    key: [readFileSync(key1, "utf8"), readFileSync(key2, "utf8")],
  },
  (request, response) => response.end(sign(null, Buffer.from(request.url), config.key).toString("hex")),
);
server.listen(Number(port), host, () => writeFileSync(ready, ""));
