"""What omendb.answer_check found, for tests that run a server with it at 100%."""
import time

ALWAYS = ("--answer-check", "1")


def counts(connection):
    """({outcome: reads}, {reason: reads skipped}), once no read waits to be checked."""
    connection.script("set omendb.answer_check = 0; set omendb.route = auto; set statement_timeout = 0")
    while True:
        rows = connection.query("select outcome, reason, reads from omendb.answer_checks")
        outcomes = {outcome: int(reads) for outcome, reason, reads in rows if reason is None}
        if outcomes["waiting"] == 0:
            return outcomes, {reason: int(reads) for _, reason, reads in rows if reason}
        time.sleep(0.05)


def agrees(connection):
    """Whether reads were checked and all were equal; prints what was found."""
    outcomes, skipped = counts(connection)
    print(f"answer_check: {outcomes['checked']} reads checked, {outcomes['different']} different; skipped "
          + (", ".join(f"{reads} ({reason})" for reason, reads in skipped.items()) or "none"))
    for row in connection.query("select query, commit, path, digest, other_path, other_digest "
                                "from omendb.answer_differences"):
        print("  differs: " + " | ".join(row))
    return outcomes["checked"] > 0 and outcomes["different"] == 0
