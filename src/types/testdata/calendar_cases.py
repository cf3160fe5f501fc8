#!/usr/bin/env python3
"""Writes date and interval arithmetic with the answers of a PostgreSQL 15 server.

usage: calendar_cases.py COUNT SEED > calendar_cases.inc     (psql's environment says which server)
"""
import random
import subprocess
import sys

ZONES = ["America/New_York", "Europe/Berlin", "UTC", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo",
         "Europe/Dublin", "America/Sao_Paulo", "Pacific/Apia", "EST5EDT", "<+03>-3", "PST", "MSK", "cest",
         "PST8PDT,M3.2.0,M11.1.0", "FOO3", "Nowhere/Land", "europe/moscow", "Antarctica/Troll", "+03"]
UNITS = ["microseconds", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter",
         "year", "decade", "century", "millennium", "dow", "xyz", "min", "mon", "timezone", "us", "c"]

OPERATIONS = {  # name: (kind of a, kind of b, SQL)
    "ts_add": ("timestamp", "interval", "a + b"),
    "tz_add": ("timestamptz", "interval", "a + b"),
    "iv_add": ("interval", "interval", "a + b"),
    "iv_neg": ("interval", "interval", "-a"),
    "iv_mul": ("interval", "float8", "a * b"),
    "iv_div": ("interval", "float8", "a / b"),
    "justify_hours": ("interval", "interval", "justify_hours(a)"),
    "justify_days": ("interval", "interval", "justify_days(a)"),
    "justify_interval": ("interval", "interval", "justify_interval(a)"),
    "ts_sub": ("timestamp", "timestamp", "a - b"),
    "age": ("timestamp", "timestamp", "age(a, b)"),
    "trunc_ts": ("timestamp", "unit", "date_trunc(b, a)"),
    "trunc_tz": ("timestamptz", "unit", "date_trunc(b, a)"),
    "trunc_iv": ("interval", "unit", "date_trunc(b, a)"),
    "to_local": ("timestamptz", "zone", "a at time zone b"),
    "to_utc": ("timestamp", "zone", "a at time zone b"),
    "isodow": ("timestamp", "timestamp", "extract(isodow from a)::int"),
    "isoweek": ("timestamp", "timestamp",
                "extract(isoyear from a)::int || ' ' || extract(week from a)::int"),
    "round_ts": ("timestamp", "int", "a::timestamp(%s)"),
    "round_time": ("time", "int", "a::time(%s)"),
    "round_iv": ("interval", "int", "a::interval(%s)"),
}


def timestamp(rng):
    if rng.random() < 0.1:
        return rng.choice(["2020-03-08 02:30", "2020-11-01 01:30", "2020-03-29 02:30", "2020-10-25 02:30",
                           "2011-12-30 12:00", "0001-01-01 BC", "294276-12-31 23:59:59", "infinity",
                           "4714-11-24 BC", "1900-01-01", "2050-07-01 12:00", "2020-02-29", "-infinity"])
    year = rng.randint(1, 3000) if rng.random() < 0.3 else rng.randint(1970, 2060)
    return "%04d-%02d-%02d %02d:%02d:%02d.%s" % (year, rng.randint(1, 12), rng.randint(1, 28),
                                                rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59),
                                                rng.choice(["0", "5", "123456", "999999", "9999"]))


def interval(rng):
    if rng.random() < 0.05:
        return rng.choice(["2147483647 days", "-178956970 years -8 mons", "178956970 years",
                           "9223372036854775807 us", "0", "-2147483648 days"])
    parts = []
    for unit, size in (("mons", 40), ("days", 60), ("hours", 100), ("us", 10 ** 11)):
        if rng.random() < 0.5:
            parts.append("%d %s" % (rng.randint(-size, size), unit))
    return " ".join(parts) or "1 day"


MAKE = {"timestamp": timestamp, "interval": interval,
        "timestamptz": lambda r: (lambda t: t if "inf" in t or "BC" in t else t + "+00")(timestamp(r)),
        "float8": lambda r: r.choice(["0", "1", "0.5", "-1.5", "0.1", "3", "1e10", "7.3", "NaN", "1.0e-3"]),
        "unit": lambda r: r.choice(UNITS), "zone": lambda r: r.choice(ZONES),
        "int": lambda r: str(r.randint(0, 6)),
        "time": lambda r: "%02d:%02d:%02d.%06d" % (r.randint(0, 23), r.choice([0, 59]), r.choice([0, 59]),
                                                   r.randint(0, 999999))}


def main():
    count, rng = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    script = ["create function pg_temp.f(q text) returns text language plpgsql as $$ declare r text;"
              " begin execute q into r; return r; exception when others then return"
              " sqlstate || ' ' || sqlerrm; end $$;"]
    cases = []
    for _ in range(count):
        name = rng.choice(list(OPERATIONS))
        kind_a, kind_b, sql = OPERATIONS[name]
        zone = rng.choice(["America/New_York", "Europe/Berlin", "UTC", "Australia/Lord_Howe"])
        a, b = MAKE[kind_a](rng), MAKE[kind_b](rng)
        if kind_a == "timestamptz" and "4714" in a or name == "round_iv" and "9223372036854775807" in a:
            continue  # beyond the range in some zones; PostgreSQL's rounding wraps around
        if name == "ts_sub" and "294276" in a + b:
            continue  # PostgreSQL 15 wraps around here, too
        if name in ("age", "isodow", "isoweek") and ("inf" in a or "inf" in b):
            continue
        cases.append((name, zone, a, b))
        sql = sql % b if "%s" in sql else sql
        type_b = {"unit": "text", "zone": "text"}.get(kind_b, kind_b)
        query = f"select ({sql})::text from (select '{a}'::{kind_a} a, '{b}'::{type_b} b) t"
        script.append(f"set timezone='{zone}'; select pg_temp.f($q${query}$q$);")
    out = subprocess.run(["psql", "-qAtX"], input="\n".join(script), text=True,
                         capture_output=True, check=True).stdout.splitlines()
    assert len(out) == len(cases), (len(out), len(cases))
    for case, answer in zip(cases, out):
        fields = ", ".join('"%s"' % x.replace('"', '\\"') for x in case + (answer,))
        print("{" + fields + "},")


main()
