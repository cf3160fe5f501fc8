#!/usr/bin/env python3
"""An analytical engine in a process of its own, driven line by line over standard input.

Each request is a JSON line {"sql": ...}; each answer {"seconds": ..., "rows": [[text]]} or
{"error": ...}. The time is taken around the call and the reading of its result. To {"crowd":
[sql], "connections": n} the answer is {"rate": queries a second}; DuckDB alone.
"""
import ctypes
import json
import sys
import time

from query_crowd import Crowd


class DuckDb:
    """Raw DuckDB by its C interface."""

    class ResultStruct(ctypes.Structure):
        _fields_ = [("deprecated_column_count", ctypes.c_uint64),
                    ("deprecated_row_count", ctypes.c_uint64),
                    ("deprecated_rows_changed", ctypes.c_uint64),
                    ("deprecated_columns", ctypes.c_void_p),
                    ("deprecated_error_message", ctypes.c_void_p),
                    ("internal_data", ctypes.c_void_p)]

    def __init__(self, library, path):
        self.lib = ctypes.CDLL(library)
        self.lib.duckdb_value_varchar.restype = ctypes.c_void_p
        self.lib.duckdb_value_varchar.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64]
        self.lib.duckdb_result_error.restype = ctypes.c_char_p
        self.lib.duckdb_column_count.restype = ctypes.c_uint64
        self.lib.duckdb_row_count.restype = ctypes.c_uint64
        self.lib.duckdb_free.argtypes = [ctypes.c_void_p]
        self.database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        if self.lib.duckdb_open(path.encode(), ctypes.byref(self.database)) != 0:
            raise RuntimeError("duckdb_open failed")
        self.lib.duckdb_connect(self.database, ctypes.byref(self.connection))

    def another(self):
        """A second connection to the same database."""
        other = object.__new__(DuckDb)
        other.lib, other.database, other.connection = self.lib, self.database, ctypes.c_void_p()
        self.lib.duckdb_connect(other.database, ctypes.byref(other.connection))
        return other

    def close(self):
        self.lib.duckdb_disconnect(ctypes.byref(self.connection))

    def query(self, sql):
        result = self.ResultStruct()
        started = time.perf_counter()
        failed = self.lib.duckdb_query(self.connection, sql.encode(), ctypes.byref(result)) != 0
        if failed:
            raise RuntimeError(self.lib.duckdb_result_error(ctypes.byref(result)).decode())
        columns = self.lib.duckdb_column_count(ctypes.byref(result))
        rows = [[self.text(result, column, row) for column in range(columns)]
                for row in range(self.lib.duckdb_row_count(ctypes.byref(result)))]
        seconds = time.perf_counter() - started
        self.lib.duckdb_destroy_result(ctypes.byref(result))
        return seconds, rows

    def text(self, result, column, row):
        pointer = self.lib.duckdb_value_varchar(ctypes.byref(result), column, row)
        if not pointer:
            return None
        text = ctypes.string_at(pointer).decode()
        self.lib.duckdb_free(pointer)
        return text


class ClickHouse:
    """ClickHouse by chDB's C interface."""

    def __init__(self, library, path):
        self.lib = ctypes.CDLL(library)
        self.lib.chdb_connect.restype = ctypes.POINTER(ctypes.c_void_p)
        self.lib.chdb_query.restype = ctypes.c_void_p
        self.lib.chdb_query.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
        for name in ("chdb_result_buffer", "chdb_result_error"):
            getattr(self.lib, name).argtypes = [ctypes.c_void_p]
        self.lib.chdb_result_buffer.restype = ctypes.c_void_p
        self.lib.chdb_result_error.restype = ctypes.c_char_p
        self.lib.chdb_result_length.restype = ctypes.c_size_t
        self.lib.chdb_result_length.argtypes = [ctypes.c_void_p]
        self.lib.chdb_destroy_query_result.argtypes = [ctypes.c_void_p]
        arguments = (ctypes.c_char_p * 2)(b"clickhouse", f"--path={path}".encode())
        self.connection = self.lib.chdb_connect(2, arguments)
        if not self.connection:
            raise RuntimeError("chdb_connect failed")

    def query(self, sql):
        started = time.perf_counter()
        result = self.lib.chdb_query(self.connection[0], sql.encode(), b"TabSeparated")
        error = self.lib.chdb_result_error(result)
        if error:
            raise RuntimeError(error.decode())
        length = self.lib.chdb_result_length(result)
        text = ctypes.string_at(self.lib.chdb_result_buffer(result), length).decode()
        seconds = time.perf_counter() - started
        self.lib.chdb_destroy_query_result(result)
        rows = [line.split("\t") for line in text.splitlines()]
        return seconds, [[None if cell == "\\N" else cell for cell in row] for row in rows]


def answer_to(engine, request):
    if "crowd" in request:
        crowd = Crowd(engine.another, request["crowd"], request["connections"])
        rate = crowd.run()
        if crowd.errors:
            raise RuntimeError(crowd.errors[0])
        return {"rate": rate}
    seconds, rows = engine.query(request["sql"])
    return {"seconds": seconds, "rows": rows}


def main():
    kind, library, path = sys.argv[1:4]
    engine = (DuckDb if kind == "duckdb" else ClickHouse)(library, path)
    for line in sys.stdin:
        try:
            answer = answer_to(engine, json.loads(line))
        except RuntimeError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
