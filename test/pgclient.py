"""A small PostgreSQL client on raw bytes, so that tests see exactly what the server sends."""
import socket
import struct


class ServerError(Exception):
    """An ErrorResponse, as its fields."""

    def __init__(self, fields):
        super().__init__(f"{fields.get('C')}: {fields.get('M')} {fields.get('D', '')}".strip())
        self.fields = fields

    @property
    def sqlstate(self):
        return self.fields.get("C")


class Result:
    """What one statement answered."""

    def __init__(self):
        self.columns, self.types, self.rows, self.tag, self.error = [], [], [], None, None


class Connection:
    """One session. Simple and extended protocol, text format."""

    def __init__(self, address, user="omendb", database="omendb", timeout=60, options=None):
        self.sock = connect(address, timeout)
        self.buffer = b""
        self.notices, self.parameters = [], {}
        self.status = None
        self.key = None
        startup = {"user": user, "database": database, **(options or {})}
        body = struct.pack("!i", 196608)
        for name, value in startup.items():
            body += name.encode() + b"\0" + value.encode() + b"\0"
        body += b"\0"
        self.sock.sendall(struct.pack("!i", len(body) + 4) + body)
        self.until_ready()

    def close(self):
        try:
            self.send(b"X", b"")
        except OSError:
            pass
        self.sock.close()

    def send(self, kind, body):
        self.sock.sendall(message(kind, body))

    def receive(self):
        """(type, body) of the next message; EOFError when the server closed."""
        while len(self.buffer) < 5:
            self.fill()
        kind, length = self.buffer[:1], struct.unpack("!i", self.buffer[1:5])[0]
        while len(self.buffer) < 1 + length:
            self.fill()
        body = self.buffer[5:1 + length]
        self.buffer = self.buffer[1 + length:]
        return kind, body

    def fill(self):
        chunk = self.sock.recv(65536)
        if not chunk:
            raise EOFError("server closed the connection")
        self.buffer += chunk

    def until_ready(self, copy_data=None):
        """The results up to ReadyForQuery. Sends copy_data when asked for COPY input."""
        results, current = [], Result()
        while True:
            kind, body = self.receive()
            if kind == b"T":
                current.columns, current.types = row_description(body)
            elif kind == b"D":
                current.rows.append(data_row(body))
            elif kind == b"d":
                current.rows.append([body.decode()])
            elif kind in b"CI":
                current.tag = body.rstrip(b"\0").decode() if kind == b"C" else ""
                results.append(current)
                current = Result()
            elif kind == b"E":
                current.error = error_fields(body)
                results.append(current)
                current = Result()
                if self.status is None and self.key is None and current.error is None:
                    raise ServerError(results[-1].error)
            elif kind == b"N":
                self.notices.append(error_fields(body))
            elif kind == b"S":
                name, value = body.split(b"\0")[:2]
                self.parameters[name.decode()] = value.decode()
            elif kind == b"K":
                self.key = body
            elif kind == b"G":
                if copy_data is not None:
                    for chunk in copy_data:
                        self.send(b"d", chunk)
                    self.send(b"c", b"")
                else:
                    self.send(b"f", b"no data\0")
            elif kind == b"Z":
                self.status = body.decode()
                return results

    def script(self, text, copy_data=None):
        """All results of a simple query, errors included as results."""
        self.send(b"Q", (text if isinstance(text, bytes) else text.encode()) + b"\0")
        return self.until_ready(copy_data)

    def query(self, text, copy_data=None):
        """Rows of the last statement; raises ServerError."""
        results = self.script(text, copy_data)
        for result in results:
            if result.error:
                raise ServerError(result.error)
        return results[-1].rows if results else []

    def value(self, text):
        return self.query(text)[0][0]

    def extended(self, text, params=(), name=""):
        """One statement through Parse, Bind, Describe, Execute, Sync."""
        self.sock.sendall(parse(name, text) + bind("", name, params) +
                          message(b"D", b"P\0") + message(b"E", b"\0" + struct.pack("!i", 0)) +
                          message(b"S", b""))
        results = self.until_ready()
        for result in results:
            if result.error:
                raise ServerError(result.error)
        return results[-1].rows if results else []


def connect(address, timeout):
    if isinstance(address, tuple):
        sock = socket.create_connection(address, timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(timeout)
    sock.connect(address)
    return sock


def message(kind, body):
    return kind + struct.pack("!i", len(body) + 4) + body


def parse(name, text, types=()):
    body = name.encode() + b"\0" + text.encode() + b"\0" + struct.pack("!h", len(types))
    return message(b"P", body + b"".join(struct.pack("!I", oid) for oid in types))


def bind(portal, name, params):
    body = portal.encode() + b"\0" + name.encode() + b"\0" + struct.pack("!hh", 0, len(params))
    for param in params:
        if param is None:
            body += struct.pack("!i", -1)
        else:
            text = str(param).encode()
            body += struct.pack("!i", len(text)) + text
    return message(b"B", body + struct.pack("!h", 0))


def row_description(body):
    columns, types = [], []
    count, at = struct.unpack("!h", body[:2])[0], 2
    for _ in range(count):
        end = body.index(b"\0", at)
        columns.append(body[at:end].decode())
        types.append(struct.unpack("!I", body[end + 7:end + 11])[0])
        at = end + 19
    return columns, types


def data_row(body):
    values, at = [], 2
    for _ in range(struct.unpack("!h", body[:2])[0]):
        length = struct.unpack("!i", body[at:at + 4])[0]
        at += 4
        if length < 0:
            values.append(None)
        else:
            values.append(body[at:at + length].decode())
            at += length
    return values


def error_fields(body):
    return {part[:1].decode(): part[1:].decode(errors="replace") for part in body.split(b"\0") if part}
