#!/usr/bin/env python3
"""Holds the rules a reader relies on: the layer law, engine containment, names, sizes.

Sizes are a ratchet: tools/size_ratchet.txt lists what is above its limit, with the size that it
may not exceed. It shrinks by itself: what has become smaller is written down at the next run.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = {}  # folder or room -> (level, room's number)
INNER = set()  # rooms for their own folder alone
for line in (ROOT / "tools/layers.txt").read_text().splitlines():
    if line and line[0].isdigit():
        number, name = line.split()[:2]
        LAYERS[name] = tuple(int(part) for part in f"{number}.0".split(".")[:2])
        if "inner" in line.split():
            INNER.add(name)

# Header prefix -> the only folder (below src/) that may include it, with the folders in it.
CONTAINED = {
    "rocksdb/": "rowstore/internal",
    "duckdb": "colstore/internal",
    "pg_query": "sql/grammar/internal",
    "postgres.h": "sql/grammar/internal",
    "nodes/": "sql/grammar/internal",
    "parser/": "sql/grammar/internal",
    "asio": "pgwire",
    "openssl/": "pgwire",
    "nlohmann/": "catalog",
    "spdlog/": "obs",
    "CLI/": "app",
    "toml++/": "app",
    "absl/": "rowstore/internal",
}
# Every wait goes through base/wait.h, which listens to cancel, timeout and shutdown.
BARE_WAIT = re.compile(
    r"\bcondition_variable|\b(recursive_|shared_)?timed_mutex\b|\bsleep_(for|until)\b|"
    r"\b(wait_for|wait_until|u?sleep|nanosleep|epoll_p?wait|p?poll(?!\(.*, 0\))|p?select|sigwait\w*)\(|[.>]wait\(|"
    r"\bstd::(latch|barrier|counting_semaphore|binary_semaphore|future|promise|async)\b")
WAITS = "src/base/wait."
# Threads for which no statement waits, and what tells them to stop.
BARE_WAITERS = {
    "src/pgwire/dispatcher.cc": "threads without a client wait for any client's bytes; an event",
    "src/pgwire/listener.cc": "the listener waits for connections; an event",
    "src/app/serve.cc": "the main thread waits for the signal to stop",
}
BANNED_NAMES = re.compile(r"(utils?|helpers?|common|misc|manager|impl2)", re.I)
FILE_LINES = {".cc": 600, ".h": 220, ".py": 600}
FUNCTION_LINES = 70
FOLDER_FILES = 25
CLASS_METHODS = 40
CHECKS_PER_1000_LINES = 1.3
COLUMNS = 100
RATCHET = ROOT / "tools/size_ratchet.txt"

# One name with the same parameters in two folders is one thing written twice, but for these.
FUNCTION = re.compile(r"^(?:inline |constexpr |static |template <[^>]*>\n)*[A-Za-z_][\w:<>*&, ]* [*&]?(\w+)"
                      r"\(([^()]*)\)(?: noexcept)? \{", re.M)
SAID_TWICE = {
    "main": "every program's",
    "EngineVersion": "of each of the two engines",
    "ReplayHostileBytes": "of each fuzzer that replays bytes",
}

faults = []


def fault(path, line, text):
    faults.append(f"{path}:{line}: {text}")


def sources():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
        check=True).stdout.split()
    return [pathlib.Path(name) for name in listed if (ROOT / name).is_file()]


def layer_of(file):
    """The line of layers.txt that a file below src/ belongs to, or None."""
    for folder in pathlib.PurePath(file).parents:
        if str(folder) in LAYERS:
            return str(folder)
    return None


def is_lower(target, layer):
    """May `layer` include `target`? A lower level, or a lower room of the same folder."""
    if target.split("/")[0] == layer.split("/")[0]:
        return LAYERS[target] < LAYERS[layer]
    return LAYERS[target][0] < LAYERS[layer][0]


def check_include(path, number, header, system):
    layer = layer_of(path.relative_to("src"))
    if not system:
        target = layer_of(header)
        if target is None:
            fault(path, number, f'"{header}" is not in a layer')
        elif ("internal/" in header or target in INNER) and (
                target.split("/")[0] != path.parts[1]):
            fault(path, number, f"{header} is internal to {target}")
        elif path.stem.endswith("_test") and target.split("/")[0] == path.parts[1]:
            pass  # the tests of a folder are one program
        elif target != layer and not is_lower(target, layer):
            fault(path, number, f"{layer} may not include {header}: not a lower layer")
        return
    for prefix, home in CONTAINED.items():
        if header.startswith(prefix) and not path.is_relative_to(f"src/{home}"):
            fault(path, number, f"<{header}> belongs to src/{home} alone")


def check_layers(path, lines):
    if path.parts[0] != "src" or len(path.parts) < 3:
        return
    if layer_of(path.relative_to("src")) is None:
        fault(path, 1, f"folder {path.parent} is not in tools/layers.txt")
        return
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            engine = any(match[2].startswith(prefix) for prefix in CONTAINED) and (
                not (ROOT / "src" / match[2]).exists())
            check_include(path, number, match[2], match[1] == "<" or engine)


def function_sizes(lines):
    """(first line, lines) of each function body, by clang-format's layout: a definition's
    closing brace is alone in the column where its first line began."""
    start = None
    for number, line in enumerate(lines, 1):
        if re.match(r"^\S.*\)?.*\{\s*$", line) and not re.match(
                r"^(namespace|class|struct|enum|union|extern|using|typedef|constexpr|const|static const|inline constexpr)\b", line):
            if "=" not in line.split("(")[0]:
                start = number
        elif line.startswith("}") and start:
            yield start, number - start + 1
            start = None


def check_sizes(path, lines, ratchet, sizes):
    limit = FILE_LINES.get(path.suffix)
    if limit is None or path.name.endswith("_test.cc"):
        return
    if len(lines) > max(limit, ratchet.get(str(path), 0)):
        fault(path, 1, f"{len(lines)} lines; the limit is {max(limit, ratchet.get(str(path), 0))}")
    if len(lines) > limit:
        sizes[str(path)] = len(lines)
    if path.suffix == ".py":
        return
    longest = 0
    for start, count in function_sizes(lines):
        key = f"{path}#function"
        longest = max(longest, count)
        if count > max(FUNCTION_LINES, ratchet.get(key, 0)):
            fault(path, start, f"a function of {count} lines; the limit is {FUNCTION_LINES}")
    if longest > FUNCTION_LINES:
        sizes[f"{path}#function"] = longest


def limited(key, size, limit, what, ratchet, sizes):
    """A fault where `size` is above the limit and above what the ratchet allows."""
    allowed = max(limit, ratchet.get(key, 0))
    if size > allowed:
        fault(key.split("#")[0], 1, f"{size} {what}; the limit is {allowed}")
    if size > limit:
        sizes[key] = size


CLASS = re.compile(r"^(?:class|struct) (?:\w+::)*(\w+)[^;{]*\{\n(.*?)^\};", re.S | re.M)
# A class's own members stand two columns in; what stands deeper is in a body or a nested class.
METHOD = re.compile(r"^  (?! |return\b|using\b|friend\b|//)[\w:<>,&*~\[\] ]*?(?:\boperator\W{1,3}|[\w~]+)\("
                    r"(?:[^;{}]|\n)*?[^;{}]*[;{]", re.M)


def check_folders_and_classes(paths, ratchet, sizes):
    folders = {}
    for path in paths:
        if path.parts[0] != "src" or path.suffix not in (".cc", ".h"):
            continue
        if not path.stem.endswith("_test"):
            folders.setdefault(str(path.parent), []).append(path)
        if path.suffix != ".h":
            continue
        for name, body in CLASS.findall((ROOT / path).read_text()):
            limited(f"{path}#{name}", len(METHOD.findall(body)), CLASS_METHODS,
                    f"methods in {name}", ratchet, sizes)
    for folder, files in folders.items():
        limited(f"{folder}#files", len(files), FOLDER_FILES, "files beside tests in the folder", ratchet, sizes)


def check_tops_and_checks(paths, ratchet, sizes):
    """A source without a header of its own begins with what it is; checks stand where an
    assumption would be silent."""
    untitled, lines, checks = 0, 0, 0
    for path in paths:
        if path.parts[0] != "src" or path.suffix != ".cc" or path.stem.endswith("_test"):
            continue
        text = (ROOT / path).read_text()
        lines += text.count("\n")
        checks += len(re.findall(r"\bOMEN_CHECK\(", text))
        if not (ROOT / path).with_suffix(".h").exists():
            untitled += not text.startswith("//")
    limited("src#untitled", untitled, 0, "sources without a header or a top", ratchet, sizes)
    if checks * 1000 < CHECKS_PER_1000_LINES * lines:
        fault("src", 1, f"{checks} checks in {lines} lines")


def report_tests(paths):
    """Lines of tests to lines of code, by folder."""
    code, tests = {}, {}
    for path in paths:
        if path.parts[0] != "src" or path.suffix not in (".cc", ".h", ".inc"):
            continue
        of = tests if path.stem.endswith("_test") or "testdata" in path.parts or "test_" in path.stem else code
        of[path.parts[1]] = of.get(path.parts[1], 0) + (ROOT / path).read_text().count("\n")
    print("tests to code: " + ", ".join(
        f"{folder} {tests.get(folder, 0) / lines:.2f}" for folder, lines in sorted(code.items())))


def check_text(path, lines):
    table_of_answers = path.name.endswith("_test.cc")
    for number, line in enumerate(lines, 1):
        if table_of_answers and len(line) > COLUMNS:
            continue
        if len(line) > COLUMNS and path.suffix in (".cc", ".h") and "http" not in line:
            fault(path, number, f"{len(line)} columns")
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line) and path.name != "tidy.py":
            fault(path, number, "unfinished work belongs in an issue")
        if "\t" in line and path.suffix in (".cc", ".h", ".py") and not table_of_answers:
            fault(path, number, "tab")


def check_waits(path, lines):
    name = str(path)
    if not name.startswith("src/") or name.startswith(WAITS) or name in BARE_WAITERS or (
            path.stem.endswith(("_test", "_bench"))):
        return
    for number, line in enumerate(lines, 1):
        if BARE_WAIT.search(line.split("//")[0]):
            fault(path, number, "a wait outside base/wait.h")


def check_names(path):
    if BANNED_NAMES.search(path.stem):
        fault(path, 1, "the name says nothing about what is in it")
    if path.suffix == ".h" and path.parts[0] == "src":
        text = (ROOT / path).read_text()
        if "#pragma once" not in text:
            fault(path, 1, "no #pragma once")
        if not text.startswith("//"):
            fault(path, 1, "a header begins with a comment that says what it is")


def check_header_owners(paths):
    """A header without a source of its stem is fine when it only declares; otherwise a header
    nobody includes is dead."""
    included = set()
    for path in paths:
        if path.suffix in (".cc", ".h"):
            included.update(re.findall(r'#include "([^"]+)"', (ROOT / path).read_text()))
    for path in paths:
        if path.suffix == ".h" and path.parts[0] == "src" and str(path)[4:] not in included:
            fault(path, 1, "no file includes this header")


HIDDEN = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.S | re.M)
TYPE_NAME = re.compile(r"^(?:struct|class|union|enum class|enum) (\w+)")
OTHER_NAME = re.compile(r"([\w:~]+)(?:\[[^\]]*\])*\s*[({=;]")
NO_NAME = re.compile(r"(TEST|static_assert|extern|(namespace|using) [\w:]+( \{|;)|using (enum|namespace)\b)")


def defined_names(text):
    """(name, what it stands for) of what is defined or declared at the outer level, by
    clang-format's layout. What an alias stands for is its text; two that are equal do not clash."""
    text = re.sub(r'//.*|R"(\w*)\((?:.|\n)*?\)\1"', "", text)
    text = re.sub(r"^template <.*?>\s(?=\w)", "", text, flags=re.M)
    for statement in re.findall(r"^[A-Za-z].*(?:\n {4,}.*)*", text, re.M):
        alias = re.match(r"(?:using|namespace) (\w+) =", statement)
        plain = re.sub(r"__attribute__\(\(.*?\)\)\)?|alignas\(\w+\)", "", statement)
        while re.search(r"<[^<>]*>", plain):
            plain = re.sub(r"<[^<>]*>", "", plain)
        found = alias or TYPE_NAME.match(plain) or OTHER_NAME.search(plain)
        if NO_NAME.match(statement) or not found or ":" in found[1]:
            continue
        names = [found[1]]
        if statement.startswith("constexpr") and "(" not in plain.split("=")[0]:
            names = re.findall(r"\b(k[A-Z]\w*)(?:\[[^\]]*\])*\s*[={]", plain)
        yield from ((name, statement if alias else None) for name in names)


def check_hidden_names(paths):
    """Sources of one layer are compiled together (cmake/layers.cmake), as are a folder's tests:
    what one has in an anonymous namespace, another's call would find before what it means."""
    seen = {}
    for path in sorted(paths, key=lambda path: path.suffix != ".h"):
        alone = path.stem.endswith(("_fuzz", "_bench")) or path.stem == "main"
        if path.suffix not in (".cc", ".h") or path.parts[0] != "src" or alone:
            continue
        text = (ROOT / path).read_text()
        texts = HIDDEN.findall(text) if path.suffix == ".cc" else [text]
        for name, meaning in set(named for text in texts for named in defined_names(text)):
            for tests in (False, True):
                if path.suffix == ".cc" and tests != path.stem.endswith("_test"):
                    continue
                together = path.parts[1] if tests else layer_of(path.relative_to("src"))
                other, meant = seen.setdefault((together, tests, name), (path, meaning))
                if path.suffix == ".cc" and other != path and (meaning is None or meaning != meant):
                    fault(path, 1, f"{name} of its anonymous namespace is also in {other}")


def parameter_types(parameters):
    """Without the parameters' names."""
    if not parameters.strip():
        return ()
    return tuple(re.sub(r"\s*\b\w+$", "", " ".join(part.split())) for part in parameters.split(","))


def check_said_twice(paths):
    """A function that two folders define by one name and over the same types has no home yet."""
    known = {}
    for path in paths:
        folder = path.parts
        if folder[0] != "src" or path.suffix not in (".cc", ".h") or re.search(r"_test|test_|_fixture|_fuzz|_bench", path.name):
            continue
        for match in FUNCTION.finditer((ROOT / path).read_text()):
            signature = (match[1], parameter_types(match[2]))
            other = known.setdefault(signature, path)
            if other.parts[1] != folder[1] and match[1] not in SAID_TWICE:
                fault(path, 1, f"{match[1]} is also defined in {other}")


def load_ratchet():
    if not RATCHET.exists():
        return {}
    rows = (line.split() for line in RATCHET.read_text().splitlines() if line)
    return {name: int(size) for name, size in rows}


def main():
    paths = sources()
    ratchet, sizes = load_ratchet(), {}
    for path in paths:
        if path.suffix not in (".cc", ".h", ".py", ".cmake"):
            continue
        lines = (ROOT / path).read_text().splitlines()
        check_layers(path, lines)
        check_text(path, lines)
        check_waits(path, lines)
        check_names(path)
        check_sizes(path, lines, ratchet, sizes)
    check_header_owners(paths)
    check_hidden_names(paths)
    check_said_twice(paths)
    check_folders_and_classes(paths, ratchet, sizes)
    check_tops_and_checks(paths, ratchet, sizes)
    smaller = {name: min(size, ratchet.get(name, size)) for name, size in sizes.items()}
    if not faults and smaller != ratchet:
        RATCHET.write_text("".join(f"{name} {size}\n" for name, size in sorted(smaller.items())))
    report_tests(paths)
    print("\n".join(faults) or f"tidy: {len(paths)} files, no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
