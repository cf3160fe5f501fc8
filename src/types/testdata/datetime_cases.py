#!/usr/bin/env python3
"""Writes texts of date, time and interval types with what a PostgreSQL 15 server makes of them.

usage: datetime_cases.py COUNT SEED > datetime_cases.inc     (psql's environment says which server)
"""
import random
import subprocess
import sys

FIXED = {
    "date": ["2020-02-29", "2019-02-29", "1/2/2020", "1-2-20", "2020/1/2", "20200102", "200102",
             "January 8, 1999", "8 Jan 1999", "1999-Jan-08", "Jan-08-1999", "08-Jan-99", "99-Jan-08",
             "1999.008", "J2451187", "January 8, 99 BC", "0001-01-01 BC", "infinity", "-infinity",
             "epoch", "allballs", "2020-13-01", "2020-00-01", "13/13/2020", "5874897-12-31",
             "5874898-01-01", "4714-11-24 BC", "4714-11-23 BC", "x", "", "2020", "2020-1", "1.2.2020",
             "2020-01-02 03:04:05", "2020-01-02T03:04:05Z", "y2020m1d2", "2020 366", "2021 366",
             "jan 1", "Monday January 8 1999", "0000-01-01", "0-1-1", "99999999999-01-01",
             "2020-01-01 BC AD", "1/1/00", "1/1/69", "1/1/70", "12 31 1999", "2020-01-01 foo/bar",
             "31/12/2020", "2020-02-30", "sept 5 2020", "sep-5-2020", "+infinity", "1 jan 2020 at"],
    "time": ["12:34", "12:34:56", "12:34:56.789", "12:34:56.7891234567", "123456", "1234", "12",
             "04:05 PM", "04:05 AM", "13:05 PM", "12:00 AM", "12:00 PM", "24:00", "24:00:01", "25:00",
             "12:60", "23:59:60", "23:59:60.5", "T12:34", "t123456", "allballs", "12:34:56+02",
             "12:34 PST", "12:34 America/New_York", "2020-01-01 12:34 America/New_York",
             "2020-01-01 12:34", "12:34:56 foo", "12:34:", "12:34:56.", "12::56", "12h 3mm", "x", "",
             "12:34:56.9999999", "23:59:59.9999999", "z", "12:34Z", "jan 1 2020 12:34", "012345.678"],
    "timestamp": ["2020-01-02 03:04:05", "2020-01-02T03:04:05", "2020-01-02 03:04:05.123456789",
                  "20200102T030405", "20200102 030405", "2020-01-02 03:04:05 PM", "epoch",
                  "infinity", "-infinity", "2020-01-02 03:04:05+05", "2020-01-02 24:00",
                  "Jan 2 03:04:05 2020", "Thu Jan 02 03:04:05 2020 PST", "2020-01-02 25:00",
                  "294276-12-31 23:59:59.999999", "294277-01-01", "4714-11-24 00:00 BC",
                  "4714-11-23 BC", "2020-01-02 03:04:05 BC", "J2451187.5", "J2451187 04:05",
                  "2020-01-02 3:4:5", "2020-01-02 03:04:60", "2020-1-2 3", "1/2/2020 3:04 am",
                  "2020-01-02t", "2020-01-02 t03:04", "03:04 2020-01-02", "2020-01-02,03:04",
                  "99999-01-02 03:04", "2020-01-02 03:04:05-99", "2020-01-02 dst", "now now",
                  "2020.01.02 03:04", "2020-01-02 03.04", "040506.789 2020-01-02", "2020-366"],
    "timestamptz": ["2020-01-02 03:04:05", "2020-07-02 03:04:05", "2020-01-02 03:04:05Z",
                    "2020-01-02 03:04:05+05:30", "2020-01-02 03:04:05-0330", "2020-01-02 03:04 UTC",
                    "2020-01-02 03:04:05.5 PST", "2020-07-02 03:04 PDT", "2020-01-02 03:04 Europe/Berlin",
                    "2020-07-02 03:04 europe/berlin", "2020-03-08 02:30 America/New_York",
                    "2020-11-01 01:30 America/New_York", "2020-03-08 02:30", "2020-11-01 01:30",
                    "1883-11-18 12:00", "1800-01-01 00:00 America/New_York", "2012-01-01 00:00 MSK",
                    "2020-01-01 00:00 MSK", "2100-07-01 00:00", "2100-01-01 00:00 Australia/Sydney",
                    "2020-01-02 03:04 EST5EDT", "2020-01-02 03:04 <+03>-3", "2020-01-02 03:04 FOO3",
                    "20200102T030405+02", "20200102T030405.5-02", "2020-01-02 03:04:05+15:59:59",
                    "2020-01-02 03:04:05+16", "2020-01-02 03:04 foo/bar", "2020-01-02 03:04 xyz",
                    "294276-12-31 23:59:59.999999", "infinity", "epoch", "0044-03-15 12:00 BC",
                    "2040-07-04 12:00 Europe/Dublin", "2020-01-02 MET DST", "2020-06-01 00:00 Asia/Kolkata",
                    "2020-01-02 03:04 +5", "2020-01-02 03:04 +5:3", "J2451187-05", "2037-12-31 Zulu"],
    "interval": ["1 day", "1 year 2 mons 3 days 4 hours 5 minutes 6.789 seconds", "1-2", "-1-2",
                 "3 4:05:06", "-3 -4:05:06", "1-2 3 4:05:06", "P1Y2M3DT4H5M6S", "P1Y2M3DT4H5M6.5S",
                 "P0001-02-03T04:05:06", "P00010203T040506", "PT1.5H", "P1.5Y", "P-1Y2M", "P1W",
                 "1 week 2 days ago", "@ 1 minute", "1.5 months", "1.5 years", "1.25 days", "0.1 months",
                 "-1.5 days", "1 decade", "1.5 centuries", "1 millennium", "2 mils", "5", "5.5", "1:30",
                 "1:30.5", "1:30:15", "-1:30:15", "100:00:00", "1e3 days", "", "x", "1 foo", "1 day 2 days",
                 "1 day ago 2 hours", "1 hour ago", "02:03 1.5 days", "1.5 days 02:03", "99999999999 years",
                 "178956970 years 7 mons", "178956970 years 8 mons", "2147483647 days", "2147483648 days",
                 "1 microsecond", "1 us", "1.5 ms", "0.0000005 s", "0.0000015 s", "infinity", "P", "PT",
                 "P1Y1Y", "p1y", "1 day -1 hour", "-1 day 1 hour", "1 mon -1 day", "-1 year -2 mons +3 days",
                 "+1 day", "- 1 day", "1 quarter", "12:34:60", "12:60", "1 2", "1 2:3", "1 -2:3", "1 day 2",
                 "9223372036854775807 us", "9223372036854775808 us", "2562047788:00:54.775807",
                 "2562047789:00", "1 y 1 mon 1 d 1 h 1 m 1 s", "1d1h", "1y2m", "1 yr", "P1DT", "P2020-01",
                 "P1Y-2", "PT040506", "PT04:05", "P20200102", "1.", "1. day", ".5 day", "1 day.", "1/2"],
}


def random_text(rng, kind):
    """Pieces that may belong together, so that both sense and nonsense occur."""
    date = rng.choice(["%d-%02d-%02d" % (rng.randint(1, 3000), rng.randint(0, 13), rng.randint(0, 32)),
                       "%d/%d/%d" % (rng.randint(1, 13), rng.randint(1, 32), rng.randint(0, 2100)),
                       "%d %s %d" % (rng.randint(1, 31), rng.choice(["Jan", "feb", "August", "x"]),
                                     rng.randint(0, 2100)),
                       "%04d%02d%02d" % (rng.randint(1, 9999), rng.randint(1, 12), rng.randint(1, 28))])
    time = rng.choice(["%d:%02d" % (rng.randint(0, 25), rng.randint(0, 61)),
                       "%02d:%02d:%02d" % (rng.randint(0, 24), rng.randint(0, 59), rng.randint(0, 60)),
                       "%02d:%02d:%02d.%d" % (rng.randint(0, 23), rng.randint(0, 59),
                                              rng.randint(0, 59), rng.randint(0, 10**8)),
                       "%02d%02d%02d" % (rng.randint(0, 24), rng.randint(0, 59), rng.randint(0, 60))])
    zone = rng.choice(["", "", "Z", "+%d" % rng.randint(0, 16), "-0%d:30" % rng.randint(0, 9), " EST",
                       " Europe/London", " Asia/Tokyo", " BC", " PM", " America/Sao_Paulo", " cest"])
    if kind == "interval":
        units = ["year", "mons", "days", "h", "min", "sec", "week", "ms", "us", "decade", ""]
        parts = ["%s%s %s" % (rng.choice(["", "", "-", "+"]),
                              rng.choice([rng.randint(0, 50), "%.*f" % (rng.randint(1, 7), rng.random() * 30)]),
                              rng.choice(units)) for _ in range(rng.randint(1, 4))]
        return " ".join(parts) + rng.choice(["", "", " ago", " " + time])
    if kind == "date":
        return date + rng.choice(["", "", " BC", zone])
    if kind == "time":
        return time + zone
    return date + rng.choice([" ", "T", " "]) + time + zone


def main():
    count, rng = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    cases = [(kind, text) for kind, texts in FIXED.items() for text in texts]
    cases += [(kind, random_text(rng, kind)) for kind in FIXED for _ in range(count // len(FIXED))]
    script = ["set timezone = 'America/New_York';",
              "create function pg_temp.f(q text) returns text language plpgsql as $$ declare r text;"
              " begin execute q into r; return r; exception when others then return"
              " sqlstate || ' ' || sqlerrm; end $$;"]
    for kind, text in cases:
        script.append(f"select pg_temp.f($q$select '{text}'::{kind}::text$q$);")
    out = subprocess.run(["psql", "-qAtX"], input="\n".join(script), text=True,
                         capture_output=True, check=True).stdout.splitlines()
    assert len(out) == len(cases), (len(out), len(cases))
    for (kind, text), answer in zip(cases, out):
        escaped = answer.replace("\\", "\\\\").replace('"', '\\"')
        print('{"%s", "%s", "%s"},' % (kind, text, escaped))


main()
