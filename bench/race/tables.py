"""Write the results: JSON with every sample, Markdown tables, and SVG charts drawn by gnuplot."""
import json
import os
import subprocess
from statistics import median


def _row_of(result, name):
    return next(row for row in result["rows"] if row["runner"] == name)


def _seconds(value):
    return "%.4f" % value if value < 0.1 else "%.3f" % value if value < 10 else "%.1f" % value


def _memory(value):
    return "%.1f" % (value / 1e6)


def _ordered(result):
    """First the limit, then wf, then the others by time."""
    def key(row):
        first = 0 if row["kind"] == "limit" else 1 if row["runner"] == "wf" else 2
        return first, median(row["seconds"])
    return sorted(result["rows"], key=key)


def as_rows(result):
    """(runner, median, min, max, GB/s, fraction of the limit's speed, multiple of wf's time, MB)"""
    limit = min(median(row["seconds"]) for row in result["rows"] if row["kind"] == "limit")
    wf = median(_row_of(result, "wf")["seconds"])
    for row in _ordered(result):
        at = median(row["seconds"])
        yield (row["runner"], at, min(row["seconds"]), max(row["seconds"]),
               result["bytes"] / at / 1e9, limit / at, at / wf, row["peak_bytes"])


def heading(result):
    return "%s; %.3g GB, %d worker%s" % (result["title"], result["bytes"] / 1e9, result["jobs"],
                                         "" if result["jobs"] == 1 else "s")


def as_text(result):
    lines = [heading(result)]
    for name, at, low, high, rate, share, ratio, memory in as_rows(result):
        lines.append("  %-24s %9s s  (%s to %s)  %7.3f GB/s  %5.2f of the limit  %7.1f x wf  %6s MB"
                     % (name, _seconds(at), _seconds(low), _seconds(high), rate, share, ratio,
                        _memory(memory)))
    if result["absent"]:
        lines.append("  not installed: " + ", ".join(result["absent"]))
    return "\n".join(lines) + "\n"


def _markdown_table(result):
    lines = ["### " + heading(result).replace("|", "\\|"), "",
             "| | seconds, median | min to max | GB/s | of the limit | × wf's time | MB |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name, at, low, high, rate, share, ratio, memory in as_rows(result):
        lines.append("| %s | %s | %s to %s | %.3f | %.2f | %.1f | %s |" % (
            name.replace("|", "\\|"), _seconds(at), _seconds(low), _seconds(high), rate, share,
            ratio, _memory(memory)))
    lines.append("")
    for row in result["rows"]:
        if row["why"]:
            lines += ["%s's answer differs: %s." % (row["runner"], row["why"]), ""]
    if result["absent"]:
        lines += ["Not installed: " + ", ".join(result["absent"]) + ".", ""]
    return lines


def _markdown_curve(curve):
    unit = {"jobs": "workers", "bytes": "MB", "keys": "distinct keys"}[curve["curve"]]
    lines = ["### Seconds by " + ("size" if unit == "MB" else "number of " + unit), "",
             "| %s | %s |" % (unit, " | ".join(curve["series"])),
             "| ---: |" + " ---: |" * len(curve["series"])]
    for i, x in enumerate(curve["x"]):
        shown = "%.0f" % (x / 1e6) if curve["curve"] == "bytes" else format(x, ",")
        lines.append("| %s | %s |" % (shown, " | ".join(
            _seconds(median(samples[i])) for samples in curve["series"].values())))
    return lines + [""]


INTRODUCTION = """# What `make bench` measured

`limit` reads the file and counts its newlines with as many processes, and does nothing else;
`limit, mapped` maps the file instead. No program that reads every byte can be faster than the
faster of the two. For compressed logs, the limit is a program that only decodes them. "Of the limit" is the program's speed as a fraction of this. Each program's answer was compared with wf's before the program was timed.

The programs of one table took turns, so their ratios are valid even if the machine was busy for a
while; do not compare seconds from two tables. All logs were in the page cache. MB is the largest
anonymous and shared memory of a program and its children together that was sampled; it does not
include pages of the log, and misses memory that is used for only a few milliseconds. Programs
that do not let one choose the number of workers used their own default.
"""


def _markdown(results):
    machine = results["machine"]
    lines = [INTRODUCTION,
             "%s, %s, %d CPUs, %.0f GB, Linux %s. Every sample is in "
             "[results.json](results.json)." % (
                 results["date"], machine["cpu"], machine["cpus"], machine["memory_bytes"] / 1e9,
                 machine["kernel"]), ""]
    for result in results["races"]:
        lines += _markdown_table(result)
    for curve in results["curves"]:
        lines += _markdown_curve(curve)
    lines += ["### Versions", ""]
    for name, version in sorted(machine["versions"].items()):
        lines.append("- %s: %s" % (name, version or "not installed"))
    return "\n".join(lines) + "\n"


# --- Charts -----------------------------------------------------------------------------

STYLE = """set terminal svg size 720,%d dynamic font 'sans-serif,13' background rgb 'white'
set output '%s'
set border 3 lc rgb '#666666'
set tics nomirror
set grid y lc rgb '#dddddd' lt 1
set key outside top center horizontal reverse Left samplen 2
"""


def _gnuplot(program):
    subprocess.run(["gnuplot"], input=program.encode(), check=True)


def _quote(text):
    return '"' + text.replace('"', '\\"') + '"'


def _data(name, rows):
    return "$%s << EOD\n%s\nEOD\n" % (name, "\n".join(rows))


def _first(results, workload, large):
    races = [r for r in results["races"] if r["workload"] == workload]
    races.sort(key=lambda r: (r["bytes"], r["jobs"]), reverse=large)
    return races[0]


def picture_of_python(results, path):
    """wf, the limit and the Python versions, as bars on a logarithmic scale."""
    result = _first(results, "wf1", False)
    rows = [(row["runner"], median(row["seconds"])) for row in result["rows"]
            if row["runner"] in ("wf", "limit") or row["runner"].startswith(("wf-", "pwf-"))]
    rows.sort(key=lambda row: -row[1])
    # Each bar is a box that begins at the left edge; the bars of wf and of the limit are darker.
    low = 0.5 * rows[-1][1]
    data = ["%d %g %s %s" % (i, seconds, _quote(name), "0x1f5fa8" if name in ("wf", "limit") else
                             "0xa9bcd0") for i, (name, seconds) in enumerate(rows)]
    _gnuplot(STYLE % (30 * len(rows) + 110, path) + _data("bars", data) + """
set title %s
set logscale x
set xrange [%g:%g]
set yrange [-0.7:%g]
set xlabel 'seconds, logarithmic'
set grid x lc rgb '#dddddd' lt 1
unset grid
set ytics offset 0.5,0
set key off
plot $bars using (%g):1:(%g):2:($1-0.35):($1+0.35):4:ytic(3) with boxxy fill solid 1 noborder lc rgb variable, \\
     $bars using 2:1:(sprintf(' %%.3g s', $2)) with labels left
""" % (_quote("Wide Finder, %.0f MB, %d workers" % (result["bytes"] / 1e6, result["jobs"])), low,
        4 * rows[0][1], len(rows) - 0.3, low, low))


def _curve(results, name):
    return next(curve for curve in results["curves"] if curve["curve"] == name)


COLORS = {"limit": "#999999"}
OTHERS = ["#1f5fa8", "#c2571a"]


def _lines_of(curve, scale):
    """gnuplot's data blocks and plot clauses, one per series; scale(x, seconds) gives the points."""
    blocks, clauses, colors = "", [], iter(OTHERS)
    for i, (name, samples) in enumerate(curve["series"].items()):
        rows = ["%g %g" % scale(x, median(s)) for x, s in zip(curve["x"], samples)]
        blocks += _data("line%d" % i, rows)
        color = COLORS.get(name) or next(colors)
        clauses.append("$line%d using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc rgb '%s' title %s"
                       % (i, color, _quote(name)))
    return blocks, "plot " + ", ".join(clauses) + "\n"


def picture_of_jobs(results, path):
    curve = _curve(results, "jobs")
    blocks, plot = _lines_of(curve, lambda x, s: (x, curve["bytes"] / s / 1e9))
    _gnuplot(STYLE % (380, path) + blocks + """
set title 'Speed over workers, %.1f GB, %d CPUs'
set xlabel 'workers'
set ylabel 'GB/s'
set xrange [0.8:%g]
set xtics 1
set yrange [0:]
""" % (curve["bytes"] / 1e9, results["machine"]["cpus"], curve["x"][-1] + 0.2) + plot)


def picture_of_bytes(results, path):
    blocks, plot = _lines_of(_curve(results, "bytes"), lambda x, s: (x / 1e6, s))
    _gnuplot(STYLE % (380, path) + blocks + """
set title 'Seconds over size'
set xlabel 'MB'
set ylabel 'seconds'
set logscale xy
""" + plot)


def picture_of_keys(results, path):
    curve = _curve(results, "keys")
    blocks, plot = _lines_of(curve, lambda x, s: (x, s))
    _gnuplot(STYLE % (380, path) + blocks + """
set title 'Seconds over distinct keys, %d million lines'
set xlabel 'distinct keys'
set ylabel 'seconds'
set logscale x
set format x '10^{%%T}'
set yrange [0:]
""" % (curve["lines"] / 1e6) + plot)


PICTURES = {"python.svg": picture_of_python, "jobs.svg": picture_of_jobs,
            "bytes.svg": picture_of_bytes, "keys.svg": picture_of_keys}


def write(results, directory):
    """Write results.json, RESULTS.md and the charts."""
    with open(os.path.join(directory, "results.json"), "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    with open(os.path.join(directory, "RESULTS.md"), "w", encoding="utf-8") as file:
        file.write(_markdown(results))
    for name, draw in PICTURES.items():
        draw(results, os.path.join(directory, name))
