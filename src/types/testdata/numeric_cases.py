#!/usr/bin/env python3
"""Writes numeric operations with the answers of a PostgreSQL 15 server as a C++ table.

usage: numeric_cases.py COUNT SEED > numeric_cases.inc     (psql's environment says which server)
"""
import random
import subprocess
import sys

UNARY = {"neg": "-a", "abs": "abs(a)", "ceil": "ceil(a)", "floor": "floor(a)", "sqrt": "sqrt(a)",
         "exp": "exp(a)", "ln": "ln(a)", "log10": "log(a)", "int8": "a::int8",
         "float8": "a::float8", "text": "a"}
BINARY = {"add": "a + b", "sub": "a - b", "mul": "a * b", "div": "a / b", "divtrunc": "div(a, b)",
          "mod": "a % b", "pow": "power(a, b)", "log": "log(a, b)",
          "round": "round(a, b::int)", "trunc": "trunc(a, b::int)",
          "cmp": "(a > b)::int - (a < b)::int", "typmod": "NULL"}
SPECIAL = ["0", "0.00", "1", "-1", "1.0", "NaN", "Infinity", "-Infinity", "10", "0.5", "-0.5",
           "9999", "10000", "99999999", "0.0001", "1e20", "1e-20", "2", "-2", "100.00"]


def number(rng, small):
    if rng.random() < 0.15:
        return rng.choice(SPECIAL)
    whole = rng.randint(0, 3 if small else rng.choice([1, 4, 8, 12, 20, 40]))
    fraction = rng.randint(0, rng.choice([0, 2, 2, 4, 8, 20]))
    text = "".join(rng.choice("0123456789" if rng.random() < .8 else "09") for _ in range(whole))
    text = (text or "0") + ("." if fraction else "")
    text += "".join(rng.choice("0123456789" if rng.random() < .8 else "09") for _ in range(fraction))
    if not small and rng.random() < 0.1:
        text += "e%d" % rng.randint(-30, 30)
    return ("-" if rng.random() < 0.3 else "") + text


def case(rng):
    if rng.random() < 0.35:
        name = rng.choice(list(UNARY))
        return name, number(rng, name == "exp"), "0", UNARY[name]
    name = rng.choice(list(BINARY))
    if name in ("round", "trunc"):
        return name, number(rng, False), str(rng.randint(-12, 12)), BINARY[name]
    if name == "typmod":
        precision, scale = rng.randint(1, 20), rng.randint(-5, 22)
        return name, number(rng, False), str((precision << 16 | scale & 0x7ff) + 4), \
            "a::numeric(%d,%d)" % (precision, scale)
    b = number(rng, name == "pow")
    if name == "pow" and rng.random() < 0.6 and b[-1] != "y" and b != "NaN":
        b = str(rng.randint(-30, 60))
    return name, number(rng, name == "pow"), b, BINARY[name]


def main():
    count, rng = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    cases = [case(rng) for _ in range(count)]
    script = ["create function pg_temp.f(q text) returns text language plpgsql as $$ declare r text;"
              " begin execute q into r; return r; exception when others then return"
              " sqlstate || ' ' || sqlerrm; end $$;"]
    for _, a, b, sql in cases:
        query = f"select ({sql})::text from (select '{a}'::numeric a, '{b}'::numeric b) t"
        script.append(f"select pg_temp.f($q${query}$q$);")
    out = subprocess.run(["psql", "-qAtX"], input="\n".join(script), text=True,
                         capture_output=True, check=True).stdout.splitlines()
    assert len(out) == len(cases), (len(out), len(cases))
    for (name, a, b, _), answer in zip(cases, out):
        print('{"%s", "%s", "%s", "%s"},' % (name, a, b, answer.replace('"', '\\"')))


main()
