"""Keeps the lines of a file, with modules and rows as an application has them.

Arguments: FEED READY
"""

import asyncio, ctypes, decimal, email, http.client, json, multiprocessing, os, random, sqlite3, ssl, sys, time, unittest, xml.dom.minidom

feed, ready = sys.argv[1:3]
with open(feed, encoding="utf-8") as f:
    lines = f.readlines()
texts = ["".join(lines[i : i + 200]) for i in range(0, len(lines), 200)]
wide = ["\u2192" + t for t in texts[::7]]
rows = [{"id": i, "name": "user%d" % i, "mail": "u%d@example.org" % i, "score": random.random()} for i in range(50000)]
packed = json.dumps(rows[:20000])
os.close(os.open(ready, os.O_CREAT | os.O_WRONLY))
while True:
    time.sleep(1)
