"""One statement's answer, and how two differ. Floats compare to 1e-9 of their size: engines add
in different orders. Negative zero is the same number as zero."""
import math

FLOATS = (700, 701)
NULL = (1, "")


class Answered:
    def __init__(self, result):
        self.code = result.error and result.error["C"]
        self.message = result.error and result.error["M"]
        self.types = result.types
        self.tag = result.tag
        self.rows = [tuple("0" if value == "-0" else value for value in row) for row in result.rows]


def told(answer):
    if answer.code:
        return f"{answer.code} {answer.message}"
    return f"{len(answer.rows)} rows" if answer.types else answer.tag


def comparable(want, got):
    """A line that shows where two answers part, with few rows of each."""
    if want.code or got.code or len(want.types) != len(got.types):
        return f"want {told(want)}, got {told(got)}"
    missing, surplus = list(want.rows), []
    for row in got.rows:
        if row in missing:
            missing.remove(row)
        else:
            surplus.append(row)
    return (f"want {len(want.rows)} rows, got {len(got.rows)}; only wanted {str(missing[:3])[:300]}; "
            f"only got {str(surplus[:3])[:300]}" + ("" if want.types == got.types else f"; types {want.types} {got.types}"))


def rounded(value):
    number = float(value)
    return number if not math.isfinite(number) else float(f"{number:.7e}")


def close(one, other):
    if one == other or one is None or other is None:
        return one == other
    a, b = float(one), float(other)
    return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b)) or (a != a and b != b)


def sort_key(floats):
    def key(row):
        return [NULL if value is None else (0, f"{rounded(value):+.8e}" if at in floats else value) for at, value in enumerate(row)]
    return key


def same_rows(want, got, ordered):
    if want.rows == got.rows:
        return True
    if len(want.rows) != len(got.rows):
        return False
    floats = {at for at, kind in enumerate(want.types) if kind in FLOATS}
    ones, others = want.rows, got.rows
    if not ordered:
        key = sort_key(floats)
        ones, others = sorted(ones, key=key), sorted(others, key=key)
    if ones == others:
        return True
    return bool(floats) and all(
        close(a, b) if at in floats else a == b
        for one, other in zip(ones, others) for at, (a, b) in enumerate(zip(one, other)))


def differ(want, got, ordered, strict):
    """None, or the kind of difference."""
    if got.code == "XX000":
        return "internal error"
    if want.code and want.code == got.code:
        return None
    if got.code == "0A000":
        return "refused"
    codes = [code for code in (want.code, got.code) if code]
    if codes:
        if not strict and all(code.startswith("22") or code in ("0A000", "25P02") for code in codes):
            return "excused"
        if len(codes) == 2 and all(code.startswith(("21", "22", "23")) for code in codes):
            return "excused"  # several faults, of which either is told
        if got.code == "57014":
            return "too long"
        return "error" if got.code else "missing error"
    if want.types != got.types:
        return "other type"
    if want.types:
        return None if same_rows(want, got, ordered) else "wrong"
    return None if want.tag == got.tag else "wrong"
