"""More clients that wait or work for long than the server has places for short statements: the
others are served meanwhile, and each of the crowd is answered in the end."""
import select
import socket
import struct

from pgclient import connect, message

CLIENTS = 12
LONG = {
    "row path": "select count(*) from generate_series(1, 2000000000)",
    "row lock": "update crowd set n = n + 1 where id = 1",
    "table lock": "lock table crowd_locked",
    "sleep": "select pg_sleep(600) from crowd where id = 2",
}


def prepare(server):
    client = server.connect()
    client.query("create table crowd (id int primary key, n int not null)")
    client.query("create table crowd_locked (id int)")
    client.query("insert into crowd select i, 0 from generate_series(1, 100) i")
    client.close()


def serve_others(server):
    """Short statements in both protocols, on a new connection."""
    other = server.connect()
    served = all(other.value(f"select n from crowd where id = {i + 10}") == "0" and
                 other.extended("select $1::int + 1", ["41"]) == [["42"]] for i in range(50))
    other.query("update crowd set n = 0 where id = 3")
    other.close()
    return served


def begin(server, statement):
    clients = [server.connect(timeout=300) for _ in range(CLIENTS)]
    for client in clients:
        client.query("begin")
        client.send(b"Q", statement.encode() + b"\0")
    return clients


def waiting(clients):
    answered, _, _ = select.select([client.sock for client in clients], [], [], 0)
    return len(clients) - len(answered)


def end(server, clients):
    """Cancels them all: the SQLSTATE that each answers."""
    states = []
    for client in clients:
        sock = connect(server.socket_path, 10)
        sock.sendall(struct.pack("!ii", 8 + len(client.key), 80877102) + client.key)
        sock.recv(1)
        sock.close()
    for client in clients:
        states.append(client.until_ready()[0].error["C"])
        client.close()
    return states


def check_long(server, name, statement):
    holder = server.connect()
    holder.query("begin")
    holder.query("update crowd set n = n where id = 1")
    holder.query("lock table crowd_locked")
    clients = begin(server, statement)
    served = serve_others(server)
    still = waiting(clients)
    states = end(server, clients)
    holder.query("rollback")
    holder.close()
    print(f"  {name}: others served {served}, {still} of {CLIENTS} still waiting, then {set(states)}")
    return served and still == CLIENTS and set(states) == {"57014"}


def check_half_messages(server):
    """Clients that stop in the middle of a message, or of a COPY."""
    halves = [server.connect() for _ in range(CLIENTS)]
    copies = [server.connect() for _ in range(CLIENTS)]
    query = message(b"Q", b"select 1\0")
    for client in halves:
        client.sock.sendall(query[:7])
    for client in copies:
        client.send(b"Q", b"copy crowd_locked from stdin\0")
        client.receive()
        client.send(b"d", b"1\n")
    served = serve_others(server)
    answers = []
    for client in halves:
        client.sock.sendall(query[7:])
        answers.append(client.until_ready()[0].rows == [["1"]])
    for client in copies:
        client.send(b"c", b"")
        answers.append(client.until_ready()[0].tag == "COPY 1")
    for client in halves + copies:
        client.close()
    print(f"  half messages: others served {served}, {sum(answers)} answered in the end")
    return served and all(answers)


def check_half_closed(server):
    """A query and the end of input at once: answered, then closed by the server."""
    ended = 0
    for _ in range(200):
        client = server.connect(timeout=10)
        client.send(b"Q", b"select 1\0")
        client.sock.shutdown(socket.SHUT_WR)
        ended += ends(client.sock)
    print(f"  half closed: {ended} of 200 ended")
    return ended == 200


def ends(sock):
    try:
        while sock.recv(65536):
            pass
        return True
    except TimeoutError:
        return False
    finally:
        sock.close()


def run(server):
    prepare(server)
    return all([check_long(server, name, statement) for name, statement in LONG.items()] +
               [check_half_messages(server), check_half_closed(server)])
