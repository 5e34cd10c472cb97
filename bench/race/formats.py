"""Write a log of mklog in another format: the same requests, with the time that each took.

json      nine members, as a log_format of nginx with escape=json writes them
shuffled  the same members, in another order in each line
ltsv      labels as in the proposal of LTSV (ltsv.org)
logfmt    as Go programs write it
csv       quoted where necessary (RFC 4180), with a header
w3c       as IIS writes it: blanks in a value are written as plus signs
"""
import csv
import json
import random
from datetime import datetime

LINES_OF_W3C = """#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Fields: date time c-ip cs-method cs-uri-stem sc-status sc-bytes cs(User-Agent) cs(Referer) time-taken
"""


def _requests(log):
    """(time, client, user, request, status, bytes, referrer, agent, seconds) of each line"""
    rng = random.Random(1)
    with open(log, encoding="latin-1") as file:
        for line in file:
            words = line.split('"')
            if len(words) != 7 or words[1].count(" ") != 2:
                continue
            host, _, user, time = words[0].split(" ", 3)
            status, size = words[2].split()
            yield (time.rstrip()[1:-1], host, user, words[1], status, size.replace("-", "0"), words[3],
                   words[5], "%d.%03d" % (rng.randrange(2), rng.randrange(1000)))


def _members(request):
    time, client, user, request, status, size, referrer, agent, seconds = request
    text = json.dumps
    return ['"time_local":' + text(time), '"remote_addr":' + text(client), '"remote_user":' + text(user),
            '"request":' + text(request), '"status":' + status, '"body_bytes_sent":' + size,
            '"http_referer":' + text(referrer), '"http_user_agent":' + text(agent),
            '"request_time":' + seconds]


def _json(requests, out):
    for request in requests:
        out.write("{" + ",".join(_members(request)) + "}\n")


def _shuffled(requests, out):
    rng = random.Random(2)
    for request in requests:
        members = _members(request)
        rng.shuffle(members)
        out.write("{" + ",".join(members) + "}\n")


def _ltsv(requests, out):
    for request in requests:
        out.write("time:[%s]\thost:%s\tuser:%s\treq:%s\tstatus:%s\tsize:%s\treferer:%s\tua:%s\treqtime:%s\n"
                  % request)


def _logfmt(requests, out):
    for time, client, user, request, status, size, referrer, agent, seconds in requests:
        method, url, _ = request.split(" ")
        out.write('time="%s" level=info msg="request served" remote_addr=%s user=%s method=%s uri=%s '
                  'status=%s bytes=%s referer="%s" ua="%s" duration=%s\n'
                  % (time, client, user, method, url, status, size, referrer, agent, seconds))


def _csv(requests, out):
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["time", "client", "user", "method", "url", "status", "bytes", "referrer", "agent",
                   "duration"])
    for time, client, user, request, *rest in requests:
        method, url, _ = request.split(" ")
        rows.writerow([time, client, user, method, url, *rest])


def _w3c(requests, out):
    out.write(LINES_OF_W3C)
    for time, client, _, request, status, size, referrer, agent, seconds in requests:
        method, url, _ = request.split(" ")
        at = datetime.strptime(time, "%d/%b/%Y:%H:%M:%S %z")
        out.write("%s %s %s %s %s %s %s %s %d\n" % (
            at.strftime("%Y-%m-%d %H:%M:%S"), client, method, url, status, size,
            agent.replace(" ", "+"), referrer, 1000 * float(seconds)))


FORMATS = {"json": _json, "shuffled": _shuffled, "ltsv": _ltsv, "logfmt": _logfmt, "csv": _csv,
           "w3c": _w3c}


def write(name, log, path):
    with open(path, "w", encoding="latin-1", newline="") as out:
        FORMATS[name](_requests(log), out)
