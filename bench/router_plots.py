"""SVG plots of the router benchmark's results.

    python3 bench/router_plots.py bench/results/router-COMMIT.json
"""
import json
import pathlib
import sys

from index_plots import FAINT, GRID, INK, MARGIN, WIDTH, grid, legend, page, text

LEARNED, RULES = ("learning, from nothing", "#20639b"), ("rules, statistics and cost model", "#ed8b3a")
LEFT, RIGHT, TOP, HEIGHT = 58, 70, 104, 300


def line(points, colour):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.2" '
            f'stroke-linejoin="round"/>')


def lost(curve, source):
    """Seconds beside the oracle's, as statements run."""
    width = WIDTH - 2 * MARGIN - LEFT - RIGHT
    longest = curve[-1][0]
    most = max(max(learned, ruled) - best for _, learned, ruled, best in curve)
    x, bottom = MARGIN + LEFT, TOP + HEIGHT
    parts = legend((LEARNED, RULES), 76) + grid(x, width, TOP, bottom, longest)
    step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100) if most / step <= 5)
    for number in range(int(most / step) + 1):
        at = bottom - HEIGHT * number * step / most
        parts += [f'<line x1="{x}" x2="{x + width}" y1="{at:.1f}" y2="{at:.1f}" stroke="{GRID}"/>',
                  text(x - 8, at + 4, f"{number * step:g} s", size=10, anchor="end", colour=FAINT)]
    for (_, colour), taken in ((LEARNED, 1), (RULES, 2)):
        points = [(x + width * row[0] / longest, bottom - HEIGHT * (row[taken] - row[3]) / most) for row in curve]
        parts += [line(points, colour),
                  text(points[-1][0] + 6, points[-1][1] + 4, f"{curve[-1][taken] - curve[-1][3]:.1f} s",
                       size=11, colour=INK)]
    parts.append(text(x + width / 2, bottom + 30, "statements", size=11, anchor="middle", colour=FAINT))
    return page("Time lost beside the best path of each statement", source, parts, bottom + 46)


def draw(result):
    folder = pathlib.Path(__file__).resolve().parent.parent / "docs" / "plots"
    folder.mkdir(parents=True, exist_ok=True)
    of = result["configuration"]
    source = (f"{of['templates']} templates in random order with bursts, commits running; "
              f"bench/results/router-{result['commit']}.json")
    (folder / "router-lost.svg").write_text(lost(result["measurements"]["learning"], source))


if __name__ == "__main__":
    draw(json.loads(pathlib.Path(sys.argv[1]).read_text()))
