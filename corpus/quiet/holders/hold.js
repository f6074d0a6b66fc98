// Keeps the lines of a file, with modules and rows as an application has them.
// Arguments: FEED READY
const fs = require("fs");
for (const m of ["http", "https", "crypto", "zlib", "url", "querystring", "stream", "util", "events"]) require(m);
const text = fs.readFileSync(process.argv[2], "utf8");
const lines = text.split("\n");
const rows = [];
for (let i = 0; i < 100000; i++) rows.push({ id: i, name: "user" + i, mail: "u" + i + "@example.org", score: Math.random() });
const packed = JSON.stringify(rows);
const copies = lines.filter((_, i) => i % 3 == 0).map((s) => ("." + s).slice(1) + "\u2192");
fs.writeFileSync(process.argv[3], "");
setInterval(() => globalThis.keep = [text, lines, rows, packed, copies], 60000);
