#!/usr/bin/env python3
"""Writes transcripts.inc: the scripts of transcripts.txt with PostgreSQL's own answers.

Usage: transcripts.py HOST_OR_SOCKET_DIR PORT USER
A step is "> OP fields", fields separated by |. Q query; P name|types|text; B portal|statement|
format|parameters...; D S|P name; E portal|rows; C S|P name; S sync; Y data of the next COPY;
F the reason to fail it with. Answers: T columns, D row, C tag, E code message @position, ...
"""
import pathlib
import socket
import struct
import sys

FOLDER = pathlib.Path(__file__).resolve().parent


def zero(text):
    return text.encode() + b"\0"


class Client:
    def __init__(self, host, port, user):
        if host.startswith("/"):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(f"{host}/.s.PGSQL.{port}")
        else:
            self.sock = socket.create_connection((host, int(port)))
        body = struct.pack("!i", 196608) + zero("user") + zero(user) + zero("database") + zero(
            "postgres") + b"\0"
        self.sock.sendall(struct.pack("!i", len(body) + 4) + body)
        self.buffer, self.copy_data, self.copy_fail = b"", b"", None
        while self.message()[0] != "Z":
            pass

    def message(self):
        while len(self.buffer) < 5 or len(self.buffer) < 1 + struct.unpack(
                "!i", self.buffer[1:5])[0]:
            chunk = self.sock.recv(65536)
            assert chunk, "server closed"
            self.buffer += chunk
        length = 1 + struct.unpack("!i", self.buffer[1:5])[0]
        whole, self.buffer = self.buffer[:length], self.buffer[length:]
        return whole[:1].decode(), whole[5:]

    def send(self, kind, body=b""):
        self.sock.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def until(self, kinds):
        lines = []
        while True:
            kind, body = self.message()
            line = describe(kind, body)
            if line:
                lines.append(line)
            if kind == "G":
                if self.copy_fail is not None:
                    self.send(b"f", zero(self.copy_fail))
                else:
                    self.send(b"d", self.copy_data)
                    self.send(b"c")
                    self.send(b"H")
                self.copy_fail = None
            if kind in kinds:
                return lines


def fields_of(body):
    found = {}
    for field in body.split(b"\0"):
        if field:
            found[field[:1].decode()] = field[1:].decode()
    return found


def describe(kind, body):
    if kind == "T":
        count, at, columns = struct.unpack("!h", body[:2])[0], 2, []
        for _ in range(count):
            end = body.index(b"\0", at)
            name = body[at:end].decode()
            type_oid = struct.unpack("!ihihih", body[end + 1:end + 19])[2]
            columns.append(f"{name}:{type_oid}")
            at = end + 19
        return "T " + " ".join(columns)
    if kind == "D":
        count, at, values = struct.unpack("!h", body[:2])[0], 2, []
        for _ in range(count):
            length = struct.unpack("!i", body[at:at + 4])[0]
            at += 4
            values.append("\\N" if length < 0 else body[at:at + length].decode())
            at += max(length, 0)
        return "D " + "|".join(values)
    if kind in "EN":
        f = fields_of(body)
        where = f" @{f['P']}" if "P" in f else ""
        severity = f"{f['S']} " if kind == "N" else ""
        return f"{kind} {severity}{f['C']} {f['M']}{where}"
    if kind == "C":
        return "C " + body[:-1].decode()
    if kind == "t":
        count = struct.unpack("!h", body[:2])[0]
        return ("t " + " ".join(map(str, struct.unpack(f"!{count}i", body[2:])))).rstrip()
    if kind == "S":
        name, value = body[:-1].split(b"\0")
        return f"S {name.decode()}={value.decode()}"
    if kind == "Z":
        return "Z " + body.decode()
    if kind == "d":
        return "d " + repr(body.decode())[1:-1]
    if kind in "GH":
        return f"{kind} {body[0]} {struct.unpack('!h', body[1:3])[0]}"
    return kind


def split(text, count):
    parts = [part.strip() for part in text.split("|")]
    return parts + [""] * (count - len(parts))


def parameter(text):
    if text == "\\N":
        return struct.pack("!i", -1)
    data = bytes.fromhex(text[2:]) if text.startswith("\\x") else text.encode()
    return struct.pack("!i", len(data)) + data


def run(client, op, rest):
    """The lines a step answers with."""
    if op == "Q":
        client.send(b"Q", zero(rest))
        return client.until("Z") if not client.skipping else []
    if op == "Y":
        client.copy_data = rest.encode().decode("unicode_escape").encode()
        return []
    if op == "F":
        client.copy_fail = rest
        return []
    if op == "S":
        client.send(b"S")
        client.skipping = False
        return client.until("Z")
    if op == "P":
        name, types, text = [part.strip() for part in rest.split("|", 2)]
        oids = [int(t) for t in types.split(",") if t]
        client.send(b"P", zero(name) + zero(text) + struct.pack(f"!h{len(oids)}i", len(oids), *oids))
    elif op == "B":
        portal, statement, form, *values = split(rest, 3)
        form = struct.pack("!hh", 1, int(form)) if form else struct.pack("!h", 0)
        body = zero(portal) + zero(statement) + form + struct.pack("!h", len(values))
        client.send(b"B", body + b"".join(map(parameter, values)) + struct.pack("!h", 0))
    elif op in "DC":
        kind, _, name = rest.partition(" ")
        client.send(op.encode(), kind.encode() + zero(name))
    elif op == "E":
        portal, rows = split(rest, 2)
        client.send(b"E", zero(portal) + struct.pack("!i", int(rows or 0)))
    client.send(b"H")
    if client.skipping:
        return []
    ends = {"P": "1E", "B": "2E", "C": "3E", "E": "CsIE", "D": "TnE"}[op]
    lines = client.until(ends)
    client.skipping = lines[-1].startswith("E ")
    return lines


def main():
    out, client = [], None
    for line in (FOLDER / "transcripts.txt").read_text().splitlines():
        if line.startswith("# "):
            client = Client(*sys.argv[1:4])
            client.skipping = False
        out.append(line)
        if line.startswith("> "):
            out += run(client, line[2:3], line[4:])
    text = "\n".join(out)
    # Compilers refuse very long literals; adjacent ones join.
    pieces = text.split("\n\n")
    body = "\n".join(f'R"~~({piece}\n\n)~~"' for piece in pieces)
    (FOLDER / "transcripts.inc").write_text(body + "\n")


main()
