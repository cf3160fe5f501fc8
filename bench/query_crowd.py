"""Many connections that share one list of queries: each takes the next until none is left.

The work is the same for every system, so its rate compares them; queries that are cut off by the
end of a time would count for nothing, and they are the long ones.
"""
import threading
import time


class Crowd:
    """`connect()` gives what has query(sql) and close()."""

    def __init__(self, connect, queries, connections):
        self.connect, self.connections = connect, connections
        self.count, self.left, self.lock = len(queries), iter(queries), threading.Lock()
        self.errors = []

    def run(self):
        """Queries a second."""
        threads = [threading.Thread(target=self.ask) for _ in range(self.connections)]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.count / (time.monotonic() - started)

    def next(self):
        with self.lock:
            return None if self.errors else next(self.left, None)

    def ask(self):
        connection = self.connect()
        while (sql := self.next()) is not None:
            try:
                connection.query(sql)
            except Exception as error:  # whatever it is, it is told
                self.errors.append(f"{sql[:60]}: {error}")
        connection.close()
