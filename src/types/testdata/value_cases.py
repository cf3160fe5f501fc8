#!/usr/bin/env python3
"""Writes texts of every type with the text, binary form and order that a PostgreSQL 15 server gives.

usage: value_cases.py values|orders COUNT SEED > FILE     (psql's environment says which server)
"""
import json
import random
import subprocess
import sys

SEND = {"bool": "boolsend", "int2": "int2send", "int4": "int4send", "int8": "int8send", "oid": "oidsend",
        "float4": "float4send", "float8": "float8send", "numeric": "numeric_send", "text": "textsend",
        "varchar": "varcharsend", "bpchar": "bpcharsend", "name": "namesend", '"char"': "charsend",
        "bytea": "byteasend", "date": "date_send", "time": "time_send", "timestamp": "timestamp_send",
        "timestamptz": "timestamptz_send", "interval": "interval_send", "uuid": "uuid_send",
        "json": "json_send", "jsonb": "jsonb_send", "int2vector": "int2vectorsend",
        "oidvector": "oidvectorsend"}
FIXED = {
    "bool": ["t", "no", "on", "2", "TRUE", "fals", "o", ""],
    "int2": ["-32768", "32767", "32768", "1.0", " 7 ", "+5", "0x1"],
    "int4": ["-2147483648", "2147483647", "2147483648", "--1", "1 2", "99999999999x"],
    "int8": ["-9223372036854775808", "9223372036854775807", "9223372036854775808", "1e3"],
    "oid": ["0", "4294967295", "4294967296", "-1", "-2147483648", "-2147483649", "x"],
    "float4": ["1", "0.1", "3.4028235e38", "3.5e38", "1e-45", "1e-46", "nan", "-inf", "16777217",
               "123456.7", "1e6", "-0", "9.9999e5", "1.17549435e-38", "0x1p-3"],
    "float8": ["1", "0.1", "1e23", "1.7976931348623157e308", "1.8e308", "5e-324", "2e-324", "NaN",
               "Infinity", "-0", "1e15", "1e14", "123456789012345678", "0.0001", "0.00001", "1.5e-7",
               "4.35", "0.3", "2.5e-320", "9007199254740993", "1d", "1e", "+.5", "infinit", "- 1"],
    "text": ["", "a b", "äöü", "it\\'s"],
    "varchar": ["x ", ""],
    "bpchar": ["x", "  x"],
    "name": ["a" * 70, "ä" * 40],
    '"char"': ["a", "", "\\101", "abc", "\\377", "\\9"],
    "bytea": ["\\x", "\\xDEADbeef", "\\xD E", "\\xg0", "a\\\\b", "a\\001b", "\\", "\\400"],
    "uuid": ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "{a0eebc999c0b4ef8bb6d6bb9bd380a11}",
             "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11", "a0eebc99", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g"],
    "json": ['{"a":1', "{a}", "[1,]", "01", '"\\u0000"', '"\\ud800"', '"a', '"\\x"', '"\\u12"', "1e999999",
             "", "[1] x", "tru", "-", "1.", '{"a" 1}', '{"a":1 "b"}', "{1:1}", "[1 2]", "[", "{,}", "{}",
             " [ 1 , 2 ] ", '{"a":1,}', "nul", "truex", '"\t"', "1 2", "\"ä\"", "[1,2", '{"a":', "-1.5e+10",
             "/", "[" * 20 + "]" * 20, '{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": x}'],
    "jsonb": ['{"b":1,"a":2,"aa":3,"a":4}', '"\\u00e9\\n\\u0001/\\/"', '"\\ud83d\\ude00"', '"\\ud83dx"',
              '"\\ude00"', '"\\u0000"', "1e3", "1.50", "-0", "-0.0", "1E-2", "1e999999", "[]", "{}", "[{}]",
              '{"a":{"b":[1,2,{"c":null}]}}', "true", "null", '"\\ud83d\\ud83d"', '"\\ud83d\\n"', "12345678901234567890.12"],
    "date": ["2020-01-01", "infinity", "4714-11-24 BC", "1999-12-31"],
    "time": ["00:00", "24:00", "12:34:56.789"],
    "timestamp": ["2020-01-01 12:34:56.789", "-infinity", "0001-01-01 BC"],
    "timestamptz": ["2020-01-01 12:34:56.789+02", "infinity"],
    "interval": ["1 mon -2 days 03:04:05.6", "-1 year"],
    "numeric": ["1.50", "-0.001", "NaN", "Infinity", "-Infinity", "1e20", "0.00", "10000", "99999999"],
    "int2vector": ["1 2 3", "", " 7 ", "1 x", "99999"],
    "oidvector": ["1 4294967295"],
    "int4[]": ["{1,2,NULL}", "{}", "[2:4]={1,2,3}", "[-1:0]={1,2}", "{1,2", "1,2}", "{1,,2}", "{1,}",
               "{1,2}x", "{a}", "{99999999999}", " { 1 , 2 } ", "[2:3]={1,2,3}", "[3:1]={1}",
               "[1:2]{1,2}", '{""}', "[x]={1}", "[1:x]={1}", "[1={1}", "[3]={1,2,3}", "", "{1}{2}"],
    "text[]": ['{1,NULL,"NULL", a b ,"x\\"y\\\\" }', '{"a"b}', '{a"b"}', "{\\ a,\\n}", "{nUll}",
               '{"","a,b","{"," "}', '{"a}', "{a\\", "{ä}", '{"a" , "b"}', "{a{b}", "{\\null}", "{a }"],
    "float8[]": ["{1,1e20,NaN}"], "bool[]": ["{t,f,no}"], "numeric[]": ["{1.50,NaN}"],
    "timestamp[]": ["{2020-01-01 00:00,NULL}"], "bytea[]": ['{"\\\\x01"}'], "date[]": ["{2020-01-01}"],
    "uuid[]": ["{a0eebc999c0b4ef8bb6d6bb9bd380a11}"], "jsonb[]": ['{"{\\"a\\": 1}",null}'],
    "interval[]": ["{1 day,1 mon}"], "int8[]": ["{1}"], "int2[]": ["{1,-1}"], '"char"[]': ["{a,b}"],
}


def random_json(rng, depth=0):
    kind = rng.randint(0, 9 if depth < 3 else 6)
    if kind == 0:
        return "null"
    if kind == 1:
        return rng.choice(["true", "false"])
    if kind <= 3:
        return rng.choice(["0", "1", "1.0", "1.00", "-1", "2.5", "1e2", "100", "-0", "0.001"])
    if kind <= 6:
        return json.dumps("".join(rng.choice("abäz\n\"\\ /😀") for _ in range(rng.randint(0, 4))),
                          ensure_ascii=rng.random() < 0.5)
    if kind == 7:
        pairs = [json.dumps(rng.choice(["a", "b", "aa", "ab", "", "ä"])) + ":" + random_json(rng, depth + 1)
                 for _ in range(rng.randint(0, 3))]
        return "{" + ",".join(pairs) + "}"
    return "[" + ", ".join(random_json(rng, depth + 1) for _ in range(rng.randint(0, 3))) + "]"


def random_float(rng, kind):
    if rng.random() < 0.5:
        return "%.*g" % (rng.randint(1, 17), rng.uniform(-1, 1) * 10.0 ** rng.randint(-30, 30))
    return "%de%d" % (rng.randint(1, 10 ** rng.randint(1, 17)), rng.randint(-40, 20))


def random_array(rng):
    items = ["NULL", '"a b"', "x", '"q\\"q"', '"\\\\"', '""', " y ", "z\\,", '"{"', "nULL"]
    text = "{" + ",".join(rng.choice(items) for _ in range(rng.randint(0, 4))) + "}"
    if rng.random() < 0.2:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice('{}",\\ ') + text[at + 1:]
    return text


RANDOM = {"json": random_json, "jsonb": random_json, "text[]": random_array,
          "float8": lambda rng: random_float(rng, 8), "float4": lambda rng: random_float(rng, 4)}


def all_texts(count, rng):
    cases = [(kind, text) for kind, texts in FIXED.items() for text in texts]
    for kind, make in RANDOM.items():
        cases += [(kind, make(rng)) for _ in range(count // len(RANDOM))]
    return cases


def ask(queries):
    script = ["set timezone = 'UTC';",
              "create function pg_temp.f(q text) returns text language plpgsql as $$"
              " declare r text; d text; w text; begin execute q into r; return r;"
              " exception when others then get stacked diagnostics d = pg_exception_detail,"
              " w = pg_exception_context;"
              " return sqlstate || ' ' || sqlerrm || case when d <> '' then ' | ' || d else '' end ||"
              " coalesce(' | ' || substring(w from '^JSON data[^\\n]*'), ''); end $$;"]
    script += [f"select replace(pg_temp.f($q${q}$q$), E'\\n', '<nl>');" for q in queries]
    out = subprocess.run(["psql", "-qAtX"], input="\n".join(script), text=True,
                         capture_output=True, check=True).stdout.split("\n")[:-1]
    assert len(out) == len(queries), (len(out), len(queries))
    return out


def quote(text):
    return '"' + "".join("\\%03o" % b if b < 32 or b > 126 or b in b'"\\?' else chr(b)
                         for b in text.encode()) + '"'


def values(count, rng):
    cases = all_texts(count, rng)
    queries = []
    for kind, text in cases:
        literal = "'" + text.replace("'", "''") + "'"
        send = SEND.get(kind, "array_send")
        out = f"boolout({literal})::text" if kind == "bool" else f"{literal}::{kind}::text"
        queries.append(f"select {out} || ' #' || encode({send}({literal}::{kind}), 'hex')")
    for (kind, text), answer in zip(cases, ask(queries)):
        nested = kind == "text[]" and text.replace(" ", "").startswith("{{")
        if "<nl>" in answer or "\n" in text or nested:
            continue
        print("{%s, %s, %s}," % (quote(kind.replace('"', "")), quote(text), quote(answer)))


def orders(count, rng):
    kinds = {"jsonb": random_json, "text[]": random_array, "float8": RANDOM["float8"],
             "text": lambda r: "".join(r.choice("aAäzZ ") for _ in range(r.randint(0, 3))),
             "int4[]": lambda r: "{" + ",".join(r.choice(["1", "2", "NULL"])
                                                for _ in range(r.randint(0, 3))) + "}",
             "interval": lambda r: r.choice(["1 mon", "30 days", "720:00", "29 days 24:00", "-1 mon",
                                             "1 year", "360 days", "365 days", "0"]),
             "bool": lambda r: r.choice("tf"), "uuid": lambda r: "%032x" % r.choice([0, 1, 1 << 127]),
             "bytea": lambda r: "\\x" + r.choice(["", "00", "ff", "0001", "7f80"])}
    pairs = [(kind, make(rng), make(rng)) for kind, make in kinds.items()
             for _ in range(count // len(kinds))]
    queries = []
    for kind, a, b in pairs:
        collate = ' collate "C"' if kind in ("text", "text[]") else ""
        a, b = ("'" + x.replace("'", "''") + f"'::{kind}{collate}" for x in (a, b))
        queries.append(f"select ({a} > {b})::int - ({a} < {b})::int")
    for (kind, a, b), answer in zip(pairs, ask(queries)):
        if len(answer) <= 2:
            print("{%s, %s, %s, %s}," % (quote(kind), quote(a), quote(b), answer))


{"values": values, "orders": orders}[sys.argv[1]](int(sys.argv[2]), random.Random(int(sys.argv[3])))
