"""A full disk: writes get 53100, reads go on, nothing acknowledged is lost, and writes work
again once there is room. The data folder is a small file system of its own, in a mount
namespace that ends with the server."""
import os
import subprocess
import time

from harness import Server
from pgclient import ServerError

SIZE_MB = 160


class SmallDisk(Server):
    """A server whose data folder holds SIZE_MB."""

    def start(self, extra=(), wait=60):
        self.data.mkdir(exist_ok=True)
        serve = (f"mount -t tmpfs -o size={SIZE_MB}m none '{self.data}' && exec '{self.binary}' "
                 f"serve --data '{self.data}' --port {self.port} --socket-dir '{self.folder}' "
                 f"--config '{self.config()}'")
        unshare = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "-r", "--mount"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*unshare, "sh", "-c", serve], stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + wait
        while True:
            try:
                self.connect().close()
                return self
            except (OSError, EOFError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"server did not start:\n{self.tail()}") from None
                time.sleep(0.05)

    def config(self):
        path = self.folder / "omendb.toml"
        path.write_text("wal_keep_mb = 16\n")
        return path

    def inside(self, name):
        """A path as the server sees it, in its mount namespace."""
        return f"/proc/{self.process.pid}/root{self.data}/{name}"


def fill_up(server):
    """Takes all but a little of the room that is left."""
    with open(server.inside("filler"), "wb") as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass
    os.truncate(server.inside("filler"), os.path.getsize(server.inside("filler")) - (2 << 20))


def insert_until_refused(connection, first, problems):
    """Acknowledged rows, until the disk is full."""
    number = first
    while number < first + 20000:
        try:
            connection.query(f"insert into d values ({number}, repeat('x', 5000))")
        except ServerError as error:
            if error.sqlstate != "53100":
                problems.append(f"a full disk gave {error}")
            return number
        number += 1
    problems.append("the disk never filled")
    return number


def run(binary):
    problems, count = [], 0
    server = SmallDisk(binary).start()
    try:
        connection = server.connect()
        connection.query("create table d (a int primary key, b text)")
        connection.query("insert into d values (0, 'first')")
        fill_up(server)
        count = insert_until_refused(connection, 1, problems)
        for _ in range(3):
            if connection.script(f"insert into d values ({count}, repeat('y', 5000))")[0].error is None:
                count += 1
        for route in ("row", "auto"):
            connection.query(f"set omendb.route = {route}")
            got = int(connection.value("select count(*) from d"))
            if got != count:
                problems.append(f"{got} rows on {route} for {count} acknowledged")
        os.unlink(server.inside("filler"))
        deadline = time.monotonic() + 30
        while connection.script(f"insert into d values ({count}, 'again')")[0].error is not None:
            if time.monotonic() > deadline:
                problems.append("writes did not come back after room was made")
                break
            time.sleep(0.2)
        else:
            count += 1
        if int(connection.value("select count(*) from d")) != count:
            problems.append("rows are missing after room was made")
    except (EOFError, ServerError, OSError) as error:
        problems.append(f"the session did not go on: {error}\n{server.tail(10)}")
    finally:
        server.close()
    print(f"disk full: {count} rows acknowledged, {len(problems)} problems")
    for problem in problems:
        print("  " + problem)
    return not problems
