"""A small PostgreSQL client on raw bytes, so that tests see exactly what the server sends."""
import selectors
import socket
import struct
import time


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
        self.buffer, self.at = b"", 0
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
        while (found := self.next_message()) is None:
            self.fill()
        return found

    def next_message(self):
        """The next whole message among the bytes that have come, or None."""
        have = len(self.buffer) - self.at
        if have < 5:
            return None
        length = struct.unpack_from("!i", self.buffer, self.at + 1)[0]
        if have < 1 + length:
            return None
        start, self.at = self.at, self.at + 1 + length
        return self.buffer[start:start + 1], self.buffer[start + 5:self.at]

    def fill(self):
        chunk = self.sock.recv(65536)
        if not chunk:
            raise EOFError("server closed the connection")
        self.buffer = self.buffer[self.at:] + chunk
        self.at = 0

    def until_ready(self, copy_data=None):
        """The results up to ReadyForQuery. Sends copy_data when asked for COPY input."""
        answer = Answer(self)
        while not answer.ready:
            answer.take(*self.receive(), copy_data)
        return answer.results

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


class Answer:
    """What the messages up to one ReadyForQuery say."""

    def __init__(self, connection):
        self.connection, self.results, self.ready = connection, [], False
        self.current = Result()

    def finish(self):
        self.results.append(self.current)
        self.current = Result()

    def take(self, kind, body, copy_data=None):
        current, connection = self.current, self.connection
        if kind == b"D":
            current.rows.append(data_row(body))
        elif kind == b"T":
            current.columns, current.types = row_description(body)
        elif kind == b"d":
            current.rows.append([body.decode()])
        elif kind in b"CI":
            current.tag = body.rstrip(b"\0").decode() if kind == b"C" else ""
            self.finish()
        elif kind == b"E":
            current.error = error_fields(body)
            self.finish()
            if connection.status is None and connection.key is None:
                raise ServerError(current.error)
        elif kind == b"N":
            connection.notices.append(error_fields(body))
        elif kind == b"S":
            name, value = body.split(b"\0")[:2]
            connection.parameters[name.decode()] = value.decode()
        elif kind == b"K":
            connection.key = body
        elif kind == b"G":
            for chunk in copy_data or ():
                connection.send(b"d", chunk)
            ending = (b"f", b"no data\0") if copy_data is None else (b"c", b"")
            connection.send(*ending)
        elif kind == b"Z":
            connection.status = body.decode()
            self.ready = True


class Batch:
    """Simple queries sent ahead of their answers on one connection; see exchange."""

    def __init__(self, connection, texts):
        self.connection, self.wanted = connection, len(texts)
        self.unsent = memoryview(b"".join(message(b"Q", text.encode() + b"\0") for text in texts))
        self.answers, self.answer = [], Answer(connection)
        self.lost = None  # why no further answer comes

    @property
    def done(self):
        return self.lost is not None or len(self.answers) == self.wanted

    def events(self):
        return selectors.EVENT_READ | (selectors.EVENT_WRITE if self.unsent else 0)

    def step(self, events):
        lost = None
        try:
            if events & selectors.EVENT_WRITE and self.unsent:
                self.send()
            if events & selectors.EVENT_READ:
                self.connection.fill()
        except (OSError, EOFError) as error:
            lost = str(error) or type(error).__name__
        while not self.done and (found := self.connection.next_message()) is not None:
            self.answer.take(*found)
            if self.answer.ready:
                self.answers.append(self.answer.results)
                self.answer = Answer(self.connection)
        self.lost = lost

    def send(self):
        try:
            sent = self.connection.sock.send(self.unsent[:65536], socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        self.unsent = self.unsent[sent:]


def exchange(work, patience):
    """Runs texts on many connections at once: [(connection, texts)] -> [Batch]. A connection on
    which nothing moves for `patience` seconds is given up (`lost`)."""
    batches = [Batch(connection, texts) for connection, texts in work]
    moved = {}
    with selectors.DefaultSelector() as selector:
        for batch in batches:
            if not batch.done:
                selector.register(batch.connection.sock, batch.events(), batch)
                moved[batch] = time.monotonic()
        while moved:
            for key, events in selector.select(timeout=1):
                batch = key.data
                batch.step(events)
                moved[batch] = time.monotonic()
                if not batch.done and key.events != batch.events():
                    selector.modify(key.fileobj, batch.events(), batch)
            for batch in [batch for batch, last in moved.items()
                          if time.monotonic() - last > patience]:
                batch.lost = f"no answer for {patience} seconds"
            for batch in [batch for batch in moved if batch.done]:
                selector.unregister(batch.connection.sock)
                del moved[batch]
    return batches


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
