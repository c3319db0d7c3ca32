#!/usr/bin/env python3
"""Adds up what the clients of a capture did (lines of MEANS, NAME, COUNT) to the counts that an agent is to find."""

import collections
import json
import sys

names = collections.defaultdict(lambda: {"dns": 0, "tls": 0, "quic": 0, "attributed": 0})
unnamed = {"tls": 0, "quic": 0}
for line in sys.stdin:
    means, name, count = line.rstrip("\n").split("\t")
    if means.startswith("unnamed-"):
        unnamed[means.removeprefix("unnamed-")] += int(count)
        continue
    if means.startswith("attributed-"):
        names[name]["attributed"] += int(count)
    names[name][means.removeprefix("attributed-")] += int(count)
rows = ",\n  ".join(json.dumps({"name": name, **names[name]}) for name in sorted(names))
print(f'{{"names": [\n  {rows}\n ],\n "unnamed": {json.dumps(unnamed)}}}')
