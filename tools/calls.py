#!/usr/bin/env python3
"""Holds the layer law for calls, as tidy.py does for includes: the library of a layer calls only
its own functions and those of lower layers, however they were declared.

usage: calls.py BUILD-FOLDER
"""
import collections
import pathlib
import subprocess
import sys

from tidy import LAYERS, is_lower


def symbols(library):
    """(defined, wanted) names of a static library. Weak ones, which any object may hold, are
    left out of both."""
    defined, wanted = set(), set()
    listed = subprocess.run(["nm", "-P", library], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        words = line.split()
        if len(words) < 2 or not words[0].startswith("_ZN"):
            continue
        if words[1] == "U":
            wanted.add(words[0])
        elif words[1] in "TDBR":
            defined.add(words[0])
    return defined, wanted - defined


def plain(name):
    return subprocess.run(["c++filt", name], capture_output=True, text=True).stdout.strip()


def main():
    build = pathlib.Path(sys.argv[1])
    owner, wants = {}, collections.defaultdict(set)
    for layer in LAYERS:
        library = build / f"libomen_{layer.replace('/', '_')}.a"
        if not library.exists():
            continue
        defined, wants[layer] = symbols(library)
        owner.update((name, layer) for name in defined)
    faults = sorted(
        f"{layer} calls {plain(name)} of {owner[name]}: not a lower layer"
        for layer, names in wants.items() for name in names
        if name in owner and not is_lower(owner[name], layer))
    print("\n".join(faults) or f"calls: {len(owner)} functions in {len(wants)} layers, no faults")
    return 1 if faults or not owner else 0


if __name__ == "__main__":
    sys.exit(main())
