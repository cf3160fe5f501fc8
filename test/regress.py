#!/usr/bin/env python3
"""PostgreSQL's own regression files: whatever they ask, the server goes on.

regress.py --server BINARY --files FOLDER [--only NAME ...]

FOLDER is src/test/regress of PostgreSQL 15's source (Debian: `apt-get source postgresql-15`).
Each file runs in a fresh server after test_setup.sql. Answers are not compared, much of what is
asked is not there: a file is at fault when the process ends, when a statement outlasts its
timeout, and for each internal error (XX000).
"""
import argparse
import collections
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import Server  # noqa: E402

STATEMENT_S, FILE_S = 20, 400
APART = ("test_setup",)  # runs before each
COPY = re.compile(r"^COPY (\w+) FROM :'filename'", re.M | re.I)
SET = re.compile(r"^\\set filename :abs_srcdir '(.*)'", re.M)


def script(folder, name):
    """The file's text; what it lets the server read, psql reads."""
    lines, filename = [], ""
    for line in (folder / "sql" / f"{name}.sql").read_text(encoding="utf8", errors="replace").splitlines():
        if found := SET.match(line):
            filename = str(folder) + found[1]
        elif found := COPY.match(line):
            line = f"\\copy {found[1]} from '{filename}'"
        lines.append(line)
    return "\n".join(lines)


def psql(server, text):
    """What psql says of a script, None where it does not end."""
    env = {**server.psql_env(), "PGOPTIONS": f"-c statement_timeout={STATEMENT_S}s -c lock_timeout={STATEMENT_S}s"}
    try:
        done = subprocess.run(["psql", "-X", "-q", "-v", "VERBOSITY=verbose"], input=text, env=env, text=True,
                              capture_output=True, errors="replace", timeout=FILE_S, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stderr


def answers(server):
    try:
        return server.connect(timeout=10).query("select 1") != []
    except (OSError, EOFError):
        return False


def run_file(binary, folder, setup, name, codes):
    """The faults of one file."""
    with Server(binary) as server:
        psql(server, setup)
        said = psql(server, script(folder, name))
        if server.process.poll() is not None:
            return [f"the server ended with {server.process.returncode}: {server.tail(5)}"]
        if said is None:
            return [f"not done after {FILE_S} s"]
        faults = [] if answers(server) else ["no answer afterwards"]
        for line in said.splitlines():
            if found := re.match(r"(?:psql:\S+ )?(?:ERROR|FATAL):  (\w{5}): (.*)", line):
                codes[found[1]] += 1
                if found[1] == "XX000" or found[1].startswith("08"):
                    faults.append(line[:200])
        if server.stop(60) != 0:
            faults.append("it did not stop")
        return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True)
    parser.add_argument("--files", required=True, type=pathlib.Path)
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    folder = options.files.resolve()
    names = options.only or [path.stem for path in sorted(folder.glob("sql/*.sql")) if path.stem not in APART]
    setup, codes, faulty = script(folder, "test_setup"), collections.Counter(), 0
    for name in names:
        faults = run_file(options.server, folder, setup, name, codes)
        faulty += bool(faults)
        for fault in faults[:5]:
            print(f"{name}: {fault}", flush=True)
    print(f"{len(names)} files, {faulty} at fault; errors by state: " +
          ", ".join(f"{code} {count}" for code, count in codes.most_common(12)))
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
