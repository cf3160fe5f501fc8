"""Loads a benchmark's tables from a script whose inserts may be cut into ranges of {first} to {last}."""

CHUNK = 200_000  # rows of one transaction


def statements(script, rows):
    for text in filter(None, (part.strip() for part in script.split(";"))):
        firsts = range(1, rows + 1, CHUNK) if "{first}" in text else [1]
        for first in firsts:
            yield text.format(rows=rows, first=first, last=min(first + CHUNK - 1, rows))


def load(connection, script, rows):
    for statement in statements(script, rows):
        connection.query(statement)
