"""SVG plots of the index benchmark's results, drawn without any library.

    python3 bench/index_plots.py bench/results/index-COMMIT.json
"""
import json
import pathlib
import statistics
import sys

COLOURS = {"learned": "#2563a8", "tree": "#c2693c", "absl": "#8a8a8a", "hash": "#4d9255",
           "sorted": "#b9a23b"}
NAMES = {"learned": "hybrid (learned)", "tree": "our B-tree", "absl": "absl::btree_multimap",
         "hash": "hash", "sorted": "std::lower_bound"}
WIDTH, BAR, GAP, LEFT = 760, 15, 14, 210


def rows(measurements, part, operations):
    """(label, [(contender, median)]) for each set and operation of a part."""
    for key in sorted(measurements):
        kind, name, keys = key.split("/")
        if kind != part:
            continue
        values = measurements[key]
        for operation in operations:
            bars = [(who, statistics.median(values[f"{who}/{operation}"])) for who in COLOURS
                    if f"{who}/{operation}" in values]
            if bars:
                yield f"{name}, {float(keys) / 1e6:g} M: {operation}", bars


def plot(title, data):
    data = list(data)
    longest = max((value for _, bars in data for _, value in bars), default=1)
    parts, y = [], 58
    for label, bars in data:
        parts.append(f'<text x="{LEFT - 8}" y="{y + BAR * len(bars) / 2 + 4}" '
                     f'text-anchor="end">{label}</text>')
        for who, value in bars:
            length = (WIDTH - LEFT - 70) * value / longest
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 3}" '
                         f'fill="{COLOURS[who]}"/><text x="{LEFT + length + 5:.1f}" '
                         f'y="{y + BAR - 5}">{value:.0f}</text>')
            y += BAR
        y += GAP
    legend, x = [], 12
    for who in COLOURS:
        if any(who == name for _, bars in data for name, _ in bars):
            legend.append(f'<rect x="{x}" y="32" width="10" height="10" fill="{COLOURS[who]}"/>'
                          f'<text x="{x + 14}" y="41">{NAMES[who]}</text>')
            x += 24 + 7 * len(NAMES[who])
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
            f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" '
            f'fill="white"/><text x="12" y="20" font-size="14">{title}</text>'
            + "".join(legend) + "".join(parts) + "</svg>\n")


def draw(path):
    """Writes the plots of one result file to docs/plots."""
    results = json.loads(pathlib.Path(path).read_text())
    measurements = results["measurements"]
    folder = pathlib.Path(__file__).resolve().parent.parent / "docs" / "plots"
    folder.mkdir(exist_ok=True)
    plots = {
        "index-points": ("Nanoseconds a lookup, present keys", "reads", ("batch", "single")),
        "index-scans": ("Nanoseconds a scan of 100 keys; 'delta': 5% of the keys not yet merged",
                        "reads", ("scan", "scan_delta")),
        "index-mixes": ("Nanoseconds an operation, by percentage of inserts", "mixes",
                        ("mix10", "mix50", "mix90")),
    }
    for name, (title, part, operations) in plots.items():
        svg = plot(f"{title} (commit {results['commit']})", rows(measurements, part, operations))
        (folder / f"{name}.svg").write_text(svg)


if __name__ == "__main__":
    draw(sys.argv[1])
