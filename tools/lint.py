#!/usr/bin/env python3
"""Runs clang-tidy over every source that a build compiles, tests left out: lint.py BUILD.

A verdict is kept by what it depends on (the command, the checks and every file that the source
reads, as the build noted them), so that only what changed is looked at again. Any warning fails.
What this clang cannot read of the compiler's own headers (std::ranges of GCC 12) is no warning.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("OMENDB_CACHE") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "omendb") / "lint"
TOOL = "clang-tidy"
WARNING = re.compile(r"^.*/src/.*: warning: .*\[[\w.,-]+\]$", re.M)


def dependencies(build):
    """Object file -> the files of ours that it was made from."""
    found, current = {}, None
    for line in subprocess.run(["ninja", "-C", build, "-t", "deps"], capture_output=True, text=True,
                               check=True).stdout.splitlines():
        if line and not line.startswith(" "):
            current = found.setdefault(line.split(":")[0], [])
        elif line.strip():
            path = (build / line.strip()).resolve()
            if path.is_relative_to(ROOT):
                current.append(path)
    return found


def digest(path, known={}):
    if path not in known:
        known[path] = hashlib.sha256(path.read_bytes()).digest()
    return known[path]


def key(command, files):
    state = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    state.update(command.replace(str(ROOT), "").encode())
    for path in sorted(set(files)):
        state.update(str(path.relative_to(ROOT)).encode() + digest(path))
    return state.hexdigest()


def is_source(entry):
    """Of the server: neither a test nor a fuzzer's, alone or in a batch (cmake/layers.cmake)."""
    name = pathlib.Path(entry["file"])
    text = name.read_text() if name.parent.name == "batches" else str(name)
    ours = name.parent.name == "batches" or name.is_relative_to(ROOT / "src")
    return ours and not re.search(r"_(test|fuzz|bench|replay)\.cc", text)


def look(build, entry):
    done = subprocess.run([TOOL, "-p", build, "--quiet", entry["file"]], capture_output=True, text=True,
                          check=False)
    warnings = sorted(set(WARNING.findall(done.stdout)))
    if done.returncode and not warnings and "clang-diagnostic-error" not in done.stdout:
        warnings = [f"{entry['file']}: {TOOL} ended with {done.returncode}: {done.stderr[-300:]}"]
    return warnings


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    CACHE.mkdir(parents=True, exist_ok=True)
    deps = dependencies(build)
    waiting, warnings, cached = {}, set(), 0
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if not is_source(entry):
            continue
        command = shlex.split(entry["command"])
        verdict = CACHE / key(entry["command"], deps.get(command[command.index("-o") + 1], []))
        if verdict.exists():
            cached += 1
        else:
            waiting[verdict] = entry
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("OMENDB_JOBS") or os.cpu_count())) as pool:
        for verdict, found in zip(waiting, pool.map(lambda entry: look(build, entry), waiting.values())):
            warnings.update(found)
            if not found:
                verdict.touch()
    for warning in sorted(warnings):
        print(warning.replace(str(ROOT) + "/", ""))
    print(f"lint: {len(waiting)} looked at, {cached} known to be clean, {len(warnings)} warnings")
    return 1 if warnings else 0


if __name__ == "__main__":
    sys.exit(main())
