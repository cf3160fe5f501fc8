"""Makes a faulty statement small: leaves out pieces of its text, and then tables and rows, as long
as PostgreSQL still accepts it and the path still shows the same kind of fault."""
import re

from differential_answers import comparable, differ

TOKEN = re.compile(r"'(?:[^']|'')*'|[A-Za-z_][\w.]*|\d[\w.]*|<=|>=|<>|::|\|\||->>|->|\S")
# With these, which rows come depends on an order: none of it may be left out.
ORDERED = ("limit", "offset", "row_number", "first_value", "last_value", "nth_value", "string_agg", "array_agg", "ntile", "lag", "lead", "distinct on", "array (select")
CANDIDATES = 40  # tried at a time


def tree(text):
    """Nested lists: a group in brackets is one node of its level."""
    stack = [[]]
    for token in TOKEN.findall(text):
        if token in "([":
            stack.append([token])
        elif token in ")]" and len(stack) > 1:
            group = stack.pop() + [token]
            stack[-1].append(group)
        else:
            stack[-1].append(token)
    return stack[0]


def words(nodes):
    for node in nodes:
        if isinstance(node, list):
            yield from words(node)
        else:
            yield node


def joined(nodes):
    return re.sub(r"\s*::\s*", "::", " ".join(words(nodes)))


def lists(nodes, path=()):
    yield path, nodes
    for at, node in enumerate(nodes):
        if isinstance(node, list):
            yield from lists(node, (*path, at))


def replaced(nodes, path, new):
    if not path:
        return new
    return [*nodes[:path[0]], replaced(nodes[path[0]], path[1:], new), *nodes[path[0] + 1:]]


def smaller(nodes):
    """Every text with one run of nodes left out, long runs first, or a group made a constant."""
    found = []
    for path, level in lists(nodes):
        inside = range(1, len(level) - 1) if path else range(len(level))
        length = len(inside)
        while length > 0:
            for start in range(inside.start, inside.stop - length + 1, max(1, length // 2)):
                found.append(replaced(nodes, path, level[:start] + level[start + length:]))
            length = length * 2 // 3
        if path:
            found += [replaced(nodes, path, ["(", constant, ")"]) for constant in ("null", "1", "true") if len(level) > 3]
            found += [replaced(nodes, path, node) for node in level if isinstance(node, list)]
    return sorted(found, key=lambda one: sum(1 for _ in words(one)))


UNORDERED = re.compile(r"(?:_value|row_number|ntile|lag|lead) \([^()]*\) over \((?:(?!order by)[^()])*\)")


def orders_kept(text):
    """Whether there is an ORDER BY for each piece that needs one."""
    if UNORDERED.search(text):
        return False
    needing = sum(text.count(word) for word in ORDERED)
    return text.count("order by") >= needing if needing else True


class Shrinking:
    def __init__(self, crew, setup, query, route, kind, exact):
        self.crew, self.setup, self.query = crew, setup, query
        self.route, self.kind = route, kind
        self.exact = exact
        self.change = len(query.texts) > 1

    def asked(self, text):
        """A change is undone, so that each try sees the same rows."""
        if not self.change:
            return [text]
        table = re.search(r"(?:update|into|delete from) (\w+)", text)
        look = f"table {table[1]}" if table else "select 1"
        return ["begin", text, look, "rollback"]

    def shows(self, texts):
        """For each text whether it shows the fault."""
        each = [self.asked(text) for text in texts]
        flat = [one for several in each for one in several]
        answers = self.crew.ask({"pg": flat, self.route: flat})
        shown, at = [], 0
        for several in each:
            want, got = (answers[who][at:at + len(several)] for who in ("pg", self.route))
            at += len(several)
            kinds = [differ(one, other, False, self.exact) for one, other in zip(want, got)]
            valid = not any(one.code for one in want) or self.kind == "missing error"
            first = next((kind for kind in kinds if kind), None)
            first = "refused on auto" if first == "refused" and self.kind == "refused on auto" else first
            shown.append(valid and first == self.kind)
            if shown[-1]:
                number = next(number for number, kind in enumerate(kinds) if kind)
                self.seen = comparable(want[number], got[number])
        return shown

    def run(self):
        text = self.query.text
        wrong = self.crew.fresh(self.setup)
        if wrong or not self.shows([joined(tree(text))])[0]:
            drawn = "\n".join(f"{one};" for one in self.query.texts)
            return f"{drawn}\n-- not shown by itself on a fresh schema"
        nodes = tree(text)
        while (found := self.pass_over(nodes)) is not None:
            nodes = found
        text = joined(nodes)
        setup = self.fewer_rows(text)
        self.shows([text])
        return "\n".join([*(f"{one};" for one in setup), f"{text};", f"-- {self.seen}"])

    def pass_over(self, nodes):
        """The smallest next text that still shows the fault, or None."""
        have = sum(1 for _ in words(nodes))
        texts = {}
        for one in smaller(nodes):
            text = joined(one)
            if sum(1 for _ in words(one)) < have and orders_kept(text):
                texts.setdefault(text, one)
        waiting = list(texts)
        while waiting:
            tried, waiting = waiting[:CANDIDATES], waiting[CANDIDATES:]
            for text, shown in zip(tried, self.shows(tried)):
                if shown:
                    return texts[text]
        return None

    def fewer_rows(self, text):
        """The setup without the tables and rows that the fault does not need."""
        named = set(re.findall(r"\bt\d\b", text))
        setup = [one for one in self.setup if set(re.findall(r"\bt\d\b", one)) <= named]
        setup = self.kept(setup, text) or self.setup
        for one in [one for one in setup if one.startswith(("create index", "delete", "update"))]:
            setup = self.kept([other for other in setup if other is not one], text) or setup
        for at, one in enumerate(setup):
            if one.startswith("insert") and " values (" in one:
                setup = self.fewer_values(setup, at, text)
        self.crew.fresh(setup)
        return setup

    def kept(self, setup, text):
        wrong = self.crew.fresh(setup)
        return setup if not wrong and self.shows([text])[0] else None

    def fewer_values(self, setup, at, text):
        head, values = setup[at].split(" values ", 1)
        rows = re.findall(r"\((?:'(?:[^']|'')*'|[^()'])*\)", values)
        length = (len(rows) + 1) // 2
        while length:
            start = 0
            while start < len(rows):
                fewer = rows[:start] + rows[start + length:]
                tried = [*setup[:at], *([f"{head} values {', '.join(fewer)}"] if fewer else ["select 1"]), *setup[at + 1:]]
                if self.kept(tried, text):
                    rows, setup = fewer, tried
                else:
                    start += length
            length //= 2
        return setup
