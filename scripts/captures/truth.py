#!/usr/bin/env python3
"""Adds up what clients did (lines of MEANS, NAME, COUNT, CLIENT) to the counts that an agent is to find.

Usage: truth.py [--devices]     with --devices it also tells how many clients used each name
"""

import collections
import json
import sys

names = collections.defaultdict(lambda: {"dns": 0, "tls": 0, "quic": 0, "attributed": 0})
devices = collections.defaultdict(set)
unnamed = {"tls": 0, "quic": 0}
for line in sys.stdin:
    means, name, count, client = line.rstrip("\n").split("\t")
    if means.startswith("unnamed-"):
        unnamed[means.removeprefix("unnamed-")] += int(count)
        continue
    if means.startswith("attributed-"):
        names[name]["attributed"] += int(count)
    names[name][means.removeprefix("attributed-")] += int(count)
    devices[name].add(client)
if sys.argv[1:] == ["--devices"]:
    for name, clients in devices.items():
        names[name]["devices"] = len(clients)
rows = ",\n  ".join(json.dumps({"name": name, **names[name]}) for name in sorted(names))
print(f'{{"names": [\n  {rows}\n ],\n "unnamed": {json.dumps(unnamed)}}}')
