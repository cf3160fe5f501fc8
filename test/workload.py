"""What the server remembers of its workload: runs by template and path, how parameters follow each
other, arrivals by minute, the heat of tables and columns, pg_stat_statements over it; what it makes
of that: classes and forecasts. All of it is there again after a kill -9."""
import time

from harness import Server

SETUP = """create table item (id int primary key, price int, note text);
create table sale (id int primary key, item_id int, at timestamp);
insert into item select i, i % 50, 'note ' || i from generate_series(1, 2000) i;
insert into sale select i, i % 2000 + 1, timestamp '2026-12-01' + i * interval '1 second'
  from generate_series(1, 3000) i;"""

POINT = "select note from item where id = $1"
NEWEST = "select item_id from sale where id > $1 and id <= $2"
GROUPED = "select price, count(*) from item where price > 3 group by price"
CHANGE = "update item set note = $1 where id = $2"
RUNS = 60

TEMPLATE = "(select template_id from omendb.templates where query = '{}')"


def work(connection):
    for i in range(RUNS):
        connection.extended(POINT, [str(i * 7919 % 2000 + 1)])
        connection.extended(NEWEST, [str(i * 10), str(i * 10 + 40)])
        connection.extended(CHANGE, ["same", str(i * 104729 % 2000 + 1)])
        connection.query("set omendb.route = " + ("row" if i % 2 else "column"))
        connection.query(GROUPED)
    connection.query("set omendb.route = auto")
    try:
        connection.query("select 1 / (price - price) from item where id = 5")
    except Exception:  # it is there to fail
        pass


def grouped():
    return TEMPLATE.format(GROUPED.replace("3", "?"))


def expectations():
    """Questions and the rows that they must give."""
    yield ("select path, calls, errors, rows, p50_us > 0, p50_us <= p90_us, p90_us <= p99_us, "
           "recent_calls from omendb.template_paths where template_id = " + grouped() + " order by 1",
           [("column", "30", "0", str(30 * 46), "t", "t", "t", "30"),
            ("row", "30", "0", str(30 * 46), "t", "t", "t", "30")])
    yield ("select position, shape from omendb.template_parameters where template_id = " +
           TEMPLATE.format(POINT) + " order by 1", [("1", "spread")])
    yield ("select position, shape from omendb.template_parameters where template_id = " +
           TEMPLATE.format(NEWEST) + " order by 1",
           [("1", "moving window"), ("2", "moving window")])
    yield ("select position, shape from omendb.template_parameters where template_id = " +
           TEMPLATE.format(CHANGE) + " order by 1", [("1", "constant"), ("2", "spread")])
    yield ("select table_name, reads >= 120, writes > 60, last_read > now() - interval '1 hour', "
           "read_us > 0 from omendb.table_heat where table_name = 'item'",
           [("item", "t", "t", "t", "t")])
    yield ("select column_name, equal, range, joined, writes from omendb.column_heat "
           "where table_name = 'item' and column_name in ('price', 'note') order by 1",
           [("note", "0", "0", "0", str(RUNS + 1)), ("price", "0", str(RUNS), "0", "1")])
    yield ("select calls, rows, plans, mean_exec_time > 0, min_exec_time <= max_exec_time, "
           "stddev_exec_time >= 0, wal_bytes, toplevel from pg_stat_statements where query = '" +
           POINT + "'", [(str(RUNS), str(RUNS), "0", "t", "t", "t", "0", "t")])
    for text, row in ((POINT, ("transactional", "random", "{item}", '{"item.id spread"}')),
                      (NEWEST, ("transactional", "moving window", None, '{"sale.id moving window"}')),
                      (CHANGE, ("transactional", "random", "{item}", '{"item.id spread"}')),
                      (GROUPED.replace("3", "?"), ("analytical", "constant", "{item}",
                                                   '{"item.price constant"}'))):
        tables = "hot_tables" if row[2] else "null"
        yield (f"select class, access, {tables}, key_ranges from omendb.workload "
               f"where query = '{text}'", [row])
    yield ("select calls, errors from omendb.templates where query like 'select ? / (price%'",
           [("1", "1")])


def arrivals(connection, text):
    return list(connection.query(
        "select coalesce(sum(calls), 0), count(*) between 1 and 3, "
        "bool_and(began > now() - interval '1 hour' and minutes = 1) from omendb.arrivals "
        "where template_id = " + TEMPLATE.format(text))[0])


def forecast(connection, text):
    """With an hour's history there is nothing but that it repeats."""
    return list(connection.query(
        "select round(next_hour_runs), will_run, last_hour_repeats, model, error_runs, "
        "last_hour_error_runs, hours_tried, forecast_from > now() - interval '1 hour' "
        f"from omendb.workload where query = '{text}'")[0])


FORECAST = [str(RUNS), "t", str(RUNS), "last hour", None, None, "0", "t"]


def all_is_known(connection, when, faults):
    for question, want in expectations():
        rows = [tuple(row) for row in connection.query(question)]
        if rows != want:
            faults.append(f"{when}: {question}: {rows}, not {want}")


def runs_of(connection, name):
    return int(connection.query(f"select runs from omendb.jobs where name = '{name}'")[0][0])


def await_runs(connection, name, count, faults):
    goal, end = runs_of(connection, name) + count, time.monotonic() + 90
    while runs_of(connection, name) < goal:
        if time.monotonic() > end:
            faults.append(f"{name} does not run")
            return
        time.sleep(0.2)


def many_templates(connection, faults):
    """More than are kept: what took much time stays, and every run is counted somewhere."""
    connection.query("create table wide (" + ", ".join(f"c{i} int" for i in range(100)) + ")")
    before = int(connection.query("select sum(calls) from omendb.templates")[0][0])
    for i in range(100):
        connection.script("".join(f"select c{i}, c{j} from wide;" for j in range(60)))
    known, calls = connection.query("select count(*), sum(calls) from omendb.templates")[0]
    if int(known) > 5121:
        faults.append(f"{known} templates are kept")
    if not 6001 <= int(calls) - before <= 6003:
        faults.append(f"of 6,001 runs {int(calls) - before} are counted")
    if connection.value("select calls > 0 from omendb.templates where template_id = 0") != "t":
        faults.append("nothing left for want of room")
    if connection.value("select count(*) from omendb.templates where template_id = " + grouped()) != "1":
        faults.append("what took much time left for what took little")


def run(binary):
    faults = []
    with Server(binary) as server:
        connection = server.connect()
        connection.script(SETUP)
        connection.query("analyze")
        work(connection)
        all_is_known(connection, "at once", faults)
        await_runs(connection, "templates.count", 2, faults)
        await_runs(connection, "templates.keep", 2, faults)
        if arrivals(connection, POINT) != [str(RUNS), "t", "t"]:
            faults.append(f"arrivals are {arrivals(connection, POINT)}")
        await_runs(connection, "workload.forecast", 2, faults)
        if forecast(connection, POINT) != FORECAST:
            faults.append(f"the forecast is {forecast(connection, POINT)}")
        connection.close()
        server.kill()
        server.start()
        connection = server.connect()
        all_is_known(connection, "after a kill", faults)
        if arrivals(connection, POINT) != [str(RUNS), "t", "t"]:
            faults.append(f"after a kill arrivals are {arrivals(connection, POINT)}")
        await_runs(connection, "workload.forecast", 1, faults)
        if forecast(connection, POINT) != FORECAST:
            faults.append(f"after a kill the forecast is {forecast(connection, POINT)}")
        connection.extended(POINT, ["5"])
        count = connection.value("select calls from pg_stat_statements where query = '" + POINT + "'")
        if count != str(RUNS + 1):
            faults.append(f"after a kill and a run there were {count}")
        many_templates(connection, faults)
        connection.close()
    for fault in faults:
        print(fault)
    print(f"workload: {len(list(expectations()))} questions twice, {len(faults)} faults")
    return not faults
