#!/usr/bin/env python3
"""Compares what clients did (NAME.expected.json) with what the collector reports (report everything --format json), exactly.

Usage: compare.py TRUTH REPORT [K]
With K, names that fewer than K devices used are to be in the report's "withheld" alone; truth then tells "devices".
"""

import json
import sys

COUNTS = ("dns", "tls", "quic", "attributed")


def names(report):
    """All names of a report, whatever they are counted under."""
    groups = [*report["tools"], *report["infrastructure"]["categories"], {"names": report["unknown"]}]
    return [name for group in groups for name in group["names"]]


def main():
    truth, report = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
    k = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    told = [name for name in truth["names"] if name.get("devices", k) >= k]
    held = [name for name in truth["names"] if name.get("devices", k) < k]
    counts = COUNTS + (("devices",) if "devices" in truth["names"][0] else ())
    wanted = {name["name"]: {count: name[count] for count in counts} for name in told}
    wanted["(withheld)"] = {count: sum(name[count] for name in held) for count in COUNTS} | {"names": len(held)}
    wanted["(unnamed)"] = truth["unnamed"]

    seen = names(report)
    found = {name["name"]: {count: name[count] for count in counts} for name in seen}
    found["(withheld)"] = report["coverage"]["withheld"]
    found["(unnamed)"] = report["coverage"]["unnamed"]
    wrong = [name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)]
    for name in sorted(wrong):
        print(f"{name}: clients did {wanted.get(name)}, the report says {found.get(name)}")
    if len(seen) != len(told):
        print(f"the report has {len(seen)} names, and {len(told)} are to be told")
    sys.exit(1 if wrong or len(seen) != len(told) else 0)


main()
