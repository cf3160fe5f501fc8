"""Starts and stops servers on throw-away data directories, on loopback only."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from pgclient import Connection


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Server:
    """One omendb process. Its folder is removed by close()."""

    # Tests see the same plans on every machine; benchmarks let it measure, and learn.
    fixed = ("--no-calibrate", "--learning", "shadow")

    def __init__(self, binary, folder=None, args=()):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="omendb-test-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self.args = list(args)
        self.process = None
        self.log = self.folder / "log"

    def start(self, extra=(), wait=60):
        assert self.process is None or self.process.poll() is not None, "it runs already"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--data", str(self.data), "--port", str(self.port),
                 "--socket-dir", str(self.folder), *self.fixed, *self.args, *extra],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + wait
        while True:
            try:
                self.connect().close()
                return self
            except (OSError, EOFError):
                if self.process.poll() is not None:
                    raise RuntimeError(f"server ended with {self.process.returncode}:\n"
                                       f"{self.tail()}") from None
                if time.monotonic() > deadline:
                    raise RuntimeError(f"server did not start:\n{self.tail()}") from None
                time.sleep(0.02)

    def start_refused(self, extra=(), wait=60):
        """Starts a server that must end by itself; its exit code and last output."""
        with open(self.log, "ab") as log:
            process = subprocess.run(
                [self.binary, "serve", "--data", str(self.data), "--port", str(self.port),
                 "--socket-dir", str(self.folder), *self.fixed, *self.args, *extra],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=wait, check=False)
        return process.returncode, self.tail()

    def tail(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    @property
    def socket_path(self):
        return str(self.folder / f".s.PGSQL.{self.port}")

    @property
    def tcp(self):
        return ("127.0.0.1", self.port)

    def connect(self, **options):
        return Connection(self.socket_path, **options)

    def psql_env(self):
        return {**os.environ, "PGHOST": str(self.folder), "PGPORT": str(self.port),
                "PGUSER": "omendb", "PGDATABASE": "omendb"}

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, wait=60):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(wait)

    def check(self, timeout=300):
        """Runs `omendb check` on the stopped server's data: (exit code, output)."""
        done = subprocess.run([self.binary, "check", "--data", str(self.data)],
                              capture_output=True, text=True, timeout=timeout, check=False)
        return done.returncode, done.stdout + done.stderr

    def cpu_seconds(self):
        """What the process has used, of its own and of the kernel's time."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()
