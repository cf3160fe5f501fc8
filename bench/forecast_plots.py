"""SVG plots of the forecast benchmark, drawn by bench/forecast.py."""
import pathlib

from index_plots import BAR, FAINT, GRID, INK, MARGIN, WIDTH, bar, legend, page, text

EXAMPLES = ("visitors", "cron", "spikes", "sessions")
RAN, FORECAST = ("ran", "#a3a9b0"), ("forecast an hour before", "#20639b")
LAST_HOUR = ("the last hour repeats", "#ed8b3a")
LABELS, HOURS, PANEL, PANEL_GAP = 92, 96, 92, 34


def line(values, x, y, width, most, colour, thickness):
    step = width / (len(values) - 1)
    points = " ".join(f"{x + i * step:.1f},{y + PANEL * (1 - value / most):.1f}"
                      for i, value in enumerate(values))
    return (f'<polyline points="{points}" fill="none" stroke="{colour}" '
            f'stroke-width="{thickness}" stroke-linejoin="round"/>')


def courses(examples, source):
    """What ran in each hour of some days, and what was forecast for it."""
    parts, y, x, width = legend((RAN, FORECAST), 76), 104, MARGIN + LABELS, WIDTH - 2 * MARGIN - LABELS
    for kind in EXAMPLES:
        hours = examples[kind][:HOURS]
        most = max(max(ran, told) for ran, told, _ in hours) or 1
        parts += [text(MARGIN + LABELS - 12, y + 12, kind, anchor="end", weight="bold"),
                  text(MARGIN + LABELS - 12, y + 28, f"to {most:,.0f}", size=10, anchor="end",
                       colour=FAINT)]
        for day in range(0, HOURS + 1, 24):
            at = x + width * min(day, HOURS - 1) / (HOURS - 1)
            parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y}" y2="{y + PANEL}" '
                         f'stroke="{GRID}"/>')
        parts += [line([ran for ran, _, _ in hours], x, y, width, most, RAN[1], 3),
                  line([told for _, told, _ in hours], x, y, width, most, FORECAST[1], 1.6)]
        y += PANEL + PANEL_GAP
    return page("Runs an hour of four templates, four days", f"a line a day; {source}", parts, y)


def kinds(typical, source):
    """Error left beside the baseline's, and F1 of both, by kind."""
    parts = legend((FORECAST, LAST_HOUR), 76)
    half = (WIDTH - 2 * MARGIN - LABELS) / 2
    x, y = (MARGIN + LABELS, MARGIN + LABELS + half), 122
    parts += [text(x[0], 106, "mean absolute error, last hour = 1", weight="bold"),
              text(x[1], 106, "F1 of “will run”", weight="bold")]
    for kind, values in typical.items():
        strong = "bold" if kind == "all" else "normal"
        parts.append(text(x[0] - 12, y + BAR + 4, kind, anchor="end", weight=strong))
        pairs = ((1 - values["less_error"], 1), (values["f1"], values["last_hour_f1"]))
        for left, pair in zip(x, pairs, strict=True):
            for number, (value, (_, colour)) in enumerate(zip(pair, (FORECAST, LAST_HOUR),
                                                              strict=True)):
                top = y + number * (BAR + 2)
                parts += [bar(left, top, (half - 64) * value, BAR, colour),
                          text(left + (half - 64) * value + 5, top + BAR - 3, f"{value:.2f}",
                               size=11, colour=INK, weight=strong)]
        y += 2 * (BAR + 2) + 13
    return page("Forecasts by kind of template", source, parts, y)


def draw(typical, examples, commit):
    """Writes the plots to docs/plots."""
    folder = pathlib.Path(__file__).resolve().parent.parent / "docs" / "plots"
    folder.mkdir(exist_ok=True)
    source = f"made arrivals; commit {commit}, bench/results/forecast-{commit}.json"
    (folder / "forecast-courses.svg").write_text(courses(examples, source))
    (folder / "forecast-kinds.svg").write_text(
        kinds(typical, f"median of five seeds; {source}"))
