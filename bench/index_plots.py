"""SVG plots of the index benchmark's results, drawn without any library.

    python3 bench/index_plots.py bench/results/index-COMMIT.json
"""
import json
import pathlib
import statistics
import sys

import index_figures

CONTENDERS = {"learned": ("hybrid", "#20639b"), "tree": ("our B-tree", "#ed8b3a"),
              "absl": ("absl::btree_multimap", "#a3a9b0"),
              "pgm": ("PGM-index", "#6aa84f"),
              "alex": ("ALEX", "#b04a7a")}
PHASES = {"1_points": ("points", "#20639b"), "2_ranges": ("ranges", "#3caea3"),
          "3_inserts": ("inserts", "#ed8b3a"), "4_points": ("points again", "#7fa6cc")}
FORMS = {"auto": "hybrid, choosing", "learned": "always learned", "tree": "always B-tree",
         "hash": "always hashed", "best": "best of each phase"}
WIDTH, MARGIN, LABELS, VALUES = 860, 24, 112, 44
BAR, BAR_GAP, ROW_GAP, BLOCK_GAP = 13, 2, 13, 16
INK, FAINT, GRID = "#24292f", "#6a737d", "#e4e7eb"


def text(x, y, words, *, size=12, anchor="start", colour=INK, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{colour}" font-weight="{weight}">{words}</text>')


def bar(x, y, length, height, colour):
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(length, 1):.1f}" height="{height}" '
            f'rx="1.5" fill="{colour}"/>')


def legend(entries, y):
    parts, x = [], MARGIN
    for words, colour in entries:
        parts += [bar(x, y - 9, 11, 11, colour), text(x + 16, y, words)]
        x += 38 + 6.6 * len(words)
    return parts


def grid(x, width, top, bottom, longest):
    """Light lines at round values, their numbers below."""
    step = next(step for power in range(9) for step in (10 ** power, 2 * 10 ** power,
                                                        5 * 10 ** power) if longest / step <= 4.5)
    parts, value = [], 0
    while value <= longest:
        at = x + width * value / longest
        parts += [f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{bottom}" stroke="{GRID}"/>',
                  text(at, bottom + 13, f"{value:,}", size=10, anchor="middle", colour=FAINT)]
        value += step
    return parts


def page(title, subtitle, parts, height):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
            f'viewBox="0 0 {WIDTH} {height:.0f}" font-family="Helvetica, Arial, sans-serif">'
            '<rect width="100%" height="100%" fill="white"/>'
            + text(MARGIN, 30, title, size=16, weight="bold")
            + text(MARGIN, 49, subtitle, colour=FAINT) + "".join(parts) + "</svg>\n")


def bars(title, subtitle, blocks, panels):
    """Rows of bars in panels side by side; a block has a scale of its own in each panel.

    blocks: [[(label, measurements)]]; panels: [(heading, operation)].
    """
    shown = [who for who in CONTENDERS if any(f"{who}/{operation}" in values for block in blocks
                                              for _, values in block for _, operation in panels)]
    parts = legend([CONTENDERS[who] for who in shown], 76)
    width = (WIDTH - 2 * MARGIN - LABELS) / len(panels)
    y = 122
    for number, (heading, _) in enumerate(panels):
        parts.append(text(MARGIN + LABELS + number * width, 106, heading, weight="bold"))
    for block in (block for block in blocks if block):
        row = len(shown) * (BAR + BAR_GAP) + ROW_GAP
        bottom = y + len(block) * row - ROW_GAP / 2
        for label, _ in block:
            middle = y + block.index((label, _)) * row + (row - ROW_GAP) / 2 + 3
            parts.append(text(MARGIN + LABELS - 12, middle, label, anchor="end"))
        for number, (_, operation) in enumerate(panels):
            parts += block_bars(block, operation, shown, row,
                                (MARGIN + LABELS + number * width, y), width - VALUES, bottom)
        y = bottom + 18 + BLOCK_GAP
    return page(title, subtitle, parts, y)


def block_bars(block, operation, shown, row, corner, width, bottom):
    x, y = corner
    medians = [{who: statistics.median(values[f"{who}/{operation}"]) for who in shown
                if f"{who}/{operation}" in values} for _, values in block]
    longest = max((value for these in medians for value in these.values()), default=1)
    parts = grid(x, width, y - 5, bottom, longest)
    for number, these in enumerate(medians):
        for line, (who, value) in enumerate(these.items()):
            top = y + number * row + line * (BAR + BAR_GAP)
            parts += [bar(x, top, width * value / longest, BAR, CONTENDERS[who][1]),
                      text(x + width * value / longest + 5, top + BAR - 3, f"{value:,.0f}", size=11,
                           weight="bold" if who == "learned" else "normal")]
    return parts


def stacks(title, subtitle, values, operations):
    """Seconds of each phase, one bar a form."""
    seconds = {form: [statistics.median(values[f"{form}/{phase}"]) * operations / 1e9
                      for phase in PHASES] for form in FORMS if form != "best"}
    fixed = [times for form, times in seconds.items() if form != "auto"]
    seconds["best"] = [min(times) for times in zip(*fixed, strict=True)]
    longest = max(sum(times) for times in seconds.values())
    x, y, width, height = MARGIN + LABELS + 16, 98, WIDTH - 2 * MARGIN - LABELS - 90, 24
    parts = legend(PHASES.values(), 76)
    bottom = y + len(FORMS) * (height + ROW_GAP)
    parts += grid(x, width, y - 5, bottom, longest)
    for form, name in FORMS.items():
        at = x
        for (_, colour), time in zip(PHASES.values(), seconds[form], strict=True):
            length = width * time / longest
            parts.append(bar(at, y, length - 1, height, colour))
            if length > 34:
                parts.append(text(at + length / 2, y + 16, f"{time:.1f}", size=11, anchor="middle",
                                  colour="white"))
            at += length
        parts += [text(x - 12, y + 16, name, anchor="end",
                       weight="bold" if form == "auto" else "normal"),
                  text(at + 6, y + 16, f"{sum(seconds[form]):.1f} s",
                       weight="bold" if form == "auto" else "normal")]
        y += height + ROW_GAP
    return page(title, subtitle, parts, bottom + 30)


def rows(part):
    """[[(label, measurements) of integers], [of strings]]"""
    labelled = [(name, f"{name}, {keys / 1e6:g} M", values)
                for name, (keys, values) in sorted(part.items(), key=lambda item: (
                    index_figures.INTEGER_SETS + ("urls",)).index(item[0]))]
    return [[(label, values) for name, label, values in labelled if (name == "urls") == strings]
            for strings in (False, True)]


def draw(path):
    """Writes the plots of one result file to docs/plots."""
    results = json.loads(pathlib.Path(path).read_text())
    measured, commit = results["measurements"], results["commit"]
    reads, mixes, phases = (rows(index_figures.of_part(measured, "reads")),
                            rows(index_figures.of_part(measured, "mixes")),
                            index_figures.of_part(measured, "phases").get("uniform"))
    source = f"median; commit {commit}, bench/results/{pathlib.Path(path).name}"
    plots = {
        "points": bars("Lookups of present keys", f"ns a lookup, {source}", reads,
                       [("batches of 32", "batch"), ("one at a time", "single")]),
        "scans": bars("Scans of 100 keys", f"ns a scan, {source}", reads,
                      [("clean", "scan"), ("5% of the entries not yet merged", "scan_delta")]),
        "mixes": bars("Reads and writes", f"ns an operation, merges included, {source}", mixes,
                      [(f"{percent}% writes", f"mix{percent}") for percent in (10, 50, 90)]),
    }
    if phases:
        keys, values = phases
        plots["phases"] = stacks(
            "Points, then ranges, then inserts, then points",
            f"seconds for {5 * keys / 1e6:g} M operations a phase on {keys / 1e6:g} M uniform "
            f"keys, conversions included, {source}", values, 5 * keys)
    folder = pathlib.Path(__file__).resolve().parent.parent / "docs" / "plots"
    folder.mkdir(exist_ok=True)
    for name, svg in plots.items():
        (folder / f"index-{name}.svg").write_text(svg)


if __name__ == "__main__":
    draw(sys.argv[1])
