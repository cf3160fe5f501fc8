"""The command line and the data folder: what is not understood is named, nothing is written
before the address and the folder are the process's own, and what is lost is never filled anew."""
import pathlib
import shutil
import subprocess

from harness import Server, free_port


def run_binary(binary, *args):
    done = subprocess.run([binary, *args], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


class Expectations:
    def __init__(self):
        self.problems = []

    def that(self, name, holds, seen=""):
        if not holds:
            self.problems.append(f"{name}: {str(seen)[-300:]}")


def command_line(binary, expect):
    code, text = run_binary(binary, "--version")
    expect.that("--version names the engines",
                code == 0 and all(word in text for word in ("OmenDB", "RocksDB", "DuckDB")), text)
    for args, word in ((("serve", "--prot", "1"), "--prot"),
                       (("serve", "--log-level", "loud", "--data", "never-made"), "loud"),
                       (("serve", "--port", "many"), "many"), (("frobnicate",), "frobnicate"),
                       (("check", "--config", "nowhere.toml"), "nowhere.toml")):
        code, text = run_binary(binary, *args)
        expect.that(f"{args} is refused by name",
                    code not in (0, -6, -11) and word in text and text.startswith("omendb: "), text)
    expect.that("nothing is made for a wrong flag", not pathlib.Path("never-made").exists())


def folders(binary, expect):
    server = Server(binary).start()
    home = server.folder
    missing, foreign, untouched = home / "typo", home / "foreign", home / "untouched"
    code, text = run_binary(binary, "check", "--data", str(missing))
    expect.that("check of a missing folder", code != 0 and not missing.exists(), text)
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    for command in (("check",), ("serve", "--port", str(free_port()))):
        code, text = run_binary(binary, *command, "--data", str(foreign))
        expect.that(f"{command[0]} of a foreign folder",
                    code != 0 and [f.name for f in foreign.iterdir()] == ["letter.txt"], text)
    code, text = run_binary(binary, "serve", "--port", str(server.port), "--data", str(untouched))
    expect.that("serve on a port that is taken", code != 0 and not untouched.exists(), text)
    code, text = run_binary(binary, "serve", "--port", str(free_port()), "--data",
                            str(server.data))
    expect.that("serve on a folder that is taken", code != 0 and "another omendb" in text, text)
    code, text = run_binary(binary, "check", "--data", str(server.data))
    expect.that("check of a running database", code != 0 and "another omendb" in text, text)
    rows = server.connect().query("select omendb_version() like 'OmenDB %'")
    expect.that("the server that was there goes on", rows == [["t"]], rows)
    server.close()


def lost_files(binary, expect):
    server = Server(binary).start()
    connection = server.connect()
    connection.query("create table t (a int primary key, b text)")
    connection.query("insert into t select i, md5(i::text) from generate_series(1, 30000) i")
    server.stop()
    kept, database = server.folder / "kept", server.data / "rows" / "db"
    shutil.copytree(server.data, kept)

    def tables():
        return sum(file.stat().st_size for file in database.glob("*.sst"))

    whole = tables()
    for lost in (("CURRENT",), ("MANIFEST-*",), ("CURRENT", "MANIFEST-*"), ("CURRENT", "*.log"),
                 ("CURRENT", "*.log", "../LAST_COMMIT"), ("../LAST_COMMIT",), ("*",)):
        for extra in ((), ("--accept-lost-commits",)):
            shutil.rmtree(server.data)
            shutil.copytree(kept, server.data)
            for pattern in lost:
                for file in database.glob(pattern):
                    if file.is_file() and (pattern != "*" or file.suffix != ".sst"):
                        file.unlink()
            try:
                server.start(extra=extra)
                count = server.connect().script("select count(*) from t")[-1]
                if not extra:
                    expect.that(f"{lost}: a start without a word answers all",
                                count.rows == [["30000"]], count.rows)
                server.kill()
            except RuntimeError:
                pass
            expect.that(f"{lost} {extra}: sorted files stay", tables() >= whole,
                        f"{whole} bytes, then {tables()}")
    shutil.rmtree(server.data / "rows")
    code, text = server.start_refused()
    expect.that("columns without rows are refused",
                code != 0 and not (server.data / "rows").exists(), text)
    server.close()


def run(binary):
    expect = Expectations()
    command_line(binary, expect)
    folders(binary, expect)
    lost_files(binary, expect)
    for problem in expect.problems:
        print("  " + problem)
    return not expect.problems
