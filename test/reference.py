"""A PostgreSQL 15 of our own as the oracle: Debian's server on a throw-away folder, on
loopback. Runs as `postgres` where we are root, which its initdb refuses."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

from harness import free_port
from pgclient import Connection, ServerError

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")


class Reference:
    """`settings` go before those it has by itself."""

    def __init__(self, settings=None):
        self.settings = settings or {}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="omendb-pg15-"))
        self.port = free_port()
        self.prefix = []
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.prefix = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}",
                           "--clear-groups"]

    def __enter__(self):
        subprocess.run([*self.prefix, str(BIN / "initdb"), "-D", str(self.folder / "data"), "-U",
                        "omendb", "-A", "trust", "--locale=C.UTF-8", "--encoding=UTF8"],
                       cwd=self.folder, check=True, capture_output=True)
        options = {"port": self.port, "unix_socket_directories": self.folder, "fsync": "off",
                   "listen_addresses": "", "timezone": "UTC", "shared_buffers": "1GB",
                   "work_mem": "256MB", "max_parallel_workers_per_gather": 0, **self.settings}
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        self.process = subprocess.Popen(
            [*self.prefix, str(BIN / "postgres"), "-D", str(self.folder / "data"), *arguments],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                connection = Connection(self.socket_path, database="postgres")
                break
            except (OSError, EOFError, ServerError):
                time.sleep(0.1)
        connection.query("create database omendb")
        connection.close()
        return self

    @property
    def socket_path(self):
        return str(self.folder / f".s.PGSQL.{self.port}")

    def connect(self, timeout=600):
        return Connection(self.socket_path, timeout=timeout)

    def psql_env(self):
        return {**os.environ, "PGHOST": str(self.folder), "PGPORT": str(self.port),
                "PGUSER": "omendb", "PGDATABASE": "omendb"}

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)  # fast shutdown
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
