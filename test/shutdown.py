"""SIGTERM lets running statements end and idle clients go; a second one stops at once; nothing
acknowledged is lost either way."""
import signal
import threading
import time

from harness import Server
from pgclient import error_fields


class Running(threading.Thread):
    """One statement on a connection of its own."""

    def __init__(self, server, statement):
        super().__init__(daemon=True)
        self.connection, self.statement = server.connect(), statement
        self.tag, self.error = None, None

    def run(self):
        try:
            self.connection.send(b"Q", self.statement.encode() + b"\0")
            while True:
                kind, body = self.connection.receive()
                if kind == b"E":  # a fatal one is the last message
                    self.error = error_fields(body)["C"]
                elif kind == b"C":
                    self.tag = body.rstrip(b"\0").decode()
                elif kind == b"Z":
                    return
        except (OSError, EOFError) as error:
            self.error = self.error or str(error)


def begin(server, statement):
    """Starts the statement and waits until it holds its lock on `kept`."""
    running = Running(server, statement)
    running.start()
    watcher = server.connect()
    while True:
        results = watcher.script("begin; lock table kept in access exclusive mode nowait")
        watcher.script("rollback")
        if results[-1].error and results[-1].error["C"] == "55P03":
            watcher.close()
            return running
        time.sleep(0.02)


def farewell(connection):
    """The SQLSTATE that the server left an idle client with."""
    try:
        kind, body = connection.receive()
        return error_fields(body)["C"] if kind == b"E" else repr(kind)
    except (OSError, EOFError) as error:
        return str(error)


def gentle(server, problems):
    idle = server.connect()
    running = begin(server, "insert into kept select 1 where pg_sleep(1.5) is not null")
    code = server.stop()
    running.join(10)
    if code != 0:
        problems.append(f"SIGTERM: exit code {code}: {server.tail(3)}")
    if running.tag != "INSERT 0 1" or running.error:
        problems.append(f"the running statement: {running.tag} {running.error}")
    if farewell(idle) != "57P01":
        problems.append("an idle client was not told 57P01")
    server.start()
    if server.connect().value("select count(*) from kept") != "1":
        problems.append("the statement that SIGTERM waited for is lost")


def grace(server, problems):
    running = begin(server, "select pg_sleep(600) from (select count(*) from kept) s")
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(60)
    running.join(10)
    if code != 0 or running.error != "57P01":
        problems.append(f"after the grace: exit code {code}, the statement got {running.error}")


def every_state(server, problems):
    """Half-read cursors of columns, a result that nobody reads, a wait for a row and for a table, a
    COPY that says nothing, half a message: all at once, and the process ends within its limit."""
    server.start()
    setup = server.connect()
    setup.query("create table wide (n int primary key, t text)")
    setup.query("insert into wide select i, repeat('x', 300) from generate_series(1, 50000) i")
    clients = []
    for sql in ("declare c cursor for select * from wide; fetch 5 from c",
                "update wide set t = '' where n = 1; lock table kept in access exclusive mode"):
        clients.append(server.connect())
        clients[-1].query("begin")
        clients[-1].query(sql)
    for sql in ("select w.t from wide w, wide v", "update wide set t = 'y' where n = 1",
                "select * from kept", "copy wide from stdin", "select pg_sleep(600)"):
        clients.append(server.connect())
        clients[-1].send(b"Q", sql.encode() + b"\0")
    clients.append(server.connect())
    clients[-1].sock.sendall(b"Q\0\0\1")
    time.sleep(1)
    code = server.stop(30)
    if code != 0:
        problems.append(f"in every state at once: exit code {code}: {server.tail(3)}")


def impatient(server, problems):
    server.start()
    running = begin(server, "select pg_sleep(600) from (select count(*) from kept) s")
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(30)
    running.join(10)
    if code != 0 or running.tag is not None:
        problems.append(f"two signals: exit code {code}, {running.tag} {running.error}")
    code, output = server.check()
    if code != 0:
        problems.append(f"omendb check after two signals: {output[-300:]}")


def run(binary):
    problems = []
    server = Server(binary)
    try:
        config = server.folder / "omendb.toml"
        config.write_text("shutdown_grace_s = 4\n")
        server.args = ["--config", str(config)]
        server.start()
        server.connect().query("create table kept (n int)")
        gentle(server, problems)
        grace(server, problems)
        every_state(server, problems)
        server.args = []
        impatient(server, problems)
    finally:
        server.close()
    for problem in problems:
        print("  " + problem)
    return not problems
