"""Result files: what ran, on what, and every single measurement."""
import json
import os
import pathlib
import platform
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def commit():
    described = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT,
                               capture_output=True, text=True, check=False)
    return described.stdout.strip() or "unknown"


def machine():
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return {"cpu": model, "cores": os.cpu_count(), "memory_mb": memory,
            "kernel": platform.release()}


def write(name, seed, configuration, measurements, figures):
    """Writes bench/results/NAME-COMMIT.json and prints the figure lines."""
    folder = ROOT / "bench" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    body = {"bench": name, "commit": commit(), "when": time.strftime("%Y-%m-%d %H:%M:%S"),
            "seed": seed, "machine": machine(), "configuration": configuration,
            "figures": {key: {"value": value, "unit": unit} for key, value, unit in figures},
            "measurements": measurements}
    path = folder / f"{name}-{body['commit']}.json"
    path.write_text(json.dumps(body, indent=1) + "\n")
    print(f"written to {path.relative_to(ROOT)}")
    for key, value, unit in figures:
        print(f"figure {key} {value:.3f} {unit}")


def median_ratio(ours, theirs):
    """The median of pairwise ratios of interleaved runs."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
