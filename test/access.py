"""Who gets in, and what the server refuses to start with."""
import psycopg2

from harness import Server

PASSWORD = "correct horse, battery: ünï"


def dsn(server, password=None, user="omendb", host="127.0.0.1"):
    options = {"host": host, "port": server.port, "user": user, "dbname": "omendb",
               "connect_timeout": 20}
    return options if password is None else {**options, "password": password}


def attempt(options):
    """None when let in, else the server's words."""
    try:
        connection = psycopg2.connect(**options)
    except psycopg2.OperationalError as error:
        return str(error)
    with connection.cursor() as cursor:
        cursor.execute("select current_user, 1 + 1")
        answer = cursor.fetchone()
    connection.close()
    return None if answer == (options["user"], 2) else f"answered {answer}"


def scram(binary, problems):
    server = Server(binary)
    secret = server.folder / "password"
    secret.write_text(PASSWORD + "\nsecond line\n")
    server.args = ["--auth", "scram", "--password-file", str(secret)]
    server.connect = lambda: patient(dsn(server, PASSWORD))
    try:
        server.start()
        for host in ("127.0.0.1", str(server.folder)):
            check(problems, "the right password", attempt(dsn(server, PASSWORD, host=host)), None)
            for wrong in ("", "x", PASSWORD + "x", PASSWORD.upper(), PASSWORD + "\nsecond line"):
                check(problems, f"password {wrong!r}", attempt(dsn(server, wrong, host=host)),
                      "password")
        check(problems, "an unknown user", attempt(dsn(server, PASSWORD, user="nobody")),
              "password authentication failed")
        connection = psycopg2.connect(**dsn(server, PASSWORD))
        connection.autocommit = True
        connection.cursor().execute("create role reader login password 'other'")
        check(problems, "a role's own password", attempt(dsn(server, "other", user="reader")), None)
        check(problems, "a role with another's password",
              attempt(dsn(server, PASSWORD, user="reader")), "password authentication failed")
        connection.close()
    finally:
        server.close()


def patient(options):
    """For Server.start, which waits while connecting is an OSError."""
    try:
        return psycopg2.connect(**options)
    except psycopg2.OperationalError as error:
        raise OSError(str(error)) from None


def check(problems, what, got, wanted):
    if (got is None) != (wanted is None) or (wanted is not None and wanted not in got):
        problems.append(f"{what}: {got!r}, expected {wanted!r}")


def refusals(binary, problems):
    server = Server(binary)

    def refused(what, extra, words):
        code, output = server.start_refused(extra)
        if code == 0 or not any(words in line for line in output.splitlines()[-3:]):
            problems.append(f"{what}: exit {code}, said {output[-300:]!r}")

    def config(text):
        path = server.folder / "omendb.toml"
        path.write_text(text)
        return ["--config", str(path)]

    try:
        refused("an unknown setting", config("max_conections = 3\n"), "max_conections")
        refused("a value of the wrong type", config("max_connections = 'many'\n"),
                "max_connections")
        refused("broken TOML", config("max_connections = = 3\n"), "omendb.toml")
        refused("no such file", ["--config", str(server.folder / "none.toml")], "none.toml")
        refused("no such password file", ["--password-file", str(server.folder / "none")], "none")
        refused("an unknown option", ["--no-such-option"], "no-such-option")
        refused("a public address without a password", ["--host", "0.0.0.0"], "no password")
        refused("trust on a public address", ["--host", "0.0.0.0", "--auth", "trust"], "trust")
        second = Server(binary)
        with server as first:
            second.data = first.data
            code, output = second.start_refused()
            if code == 0:
                problems.append(f"two servers on one data directory: {output[-300:]}")
        second.close()
    finally:
        server.close()


def run(binary):
    problems = []
    scram(binary, problems)
    refusals(binary, problems)
    for problem in problems:
        print("  " + problem)
    return not problems
