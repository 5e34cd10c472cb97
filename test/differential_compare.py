"""differential_compare.py -- is what wf answers to a case what the oracle says?
"""

import json
import re
from decimal import Decimal

import oracle
import oracle_over
from running import DO_NOT_FIT, NO_TIME

# What is said of a result that is right, but perhaps not meant.
TWICE = re.compile(rb'(?m)^wf: (?:.*: is counted twice, in .* and in .*|[.]{3} and [0-9]+ more .*|(?:--tz: )?times without a zone are taken for times in .*|no line has a value for .*|.* is not a time; [0-9]+ lines? ha(?:s|ve) no time that wf can read(?:, and (?:is|are) left out)?|.*: none of its first lines .*|the sum of .*)\n')
HINT = re.compile(rb"(?m)^(?:" + DO_NOT_FIT + rb"|" + NO_TIME + rb"|wf: (?:the sum of '.*' is 0|(?:--tz: )?times without a zone are taken for times in .*|in [0-9,]+ of [0-9,]+ lines '.*' is not a number, and (?:counts as 0|is left out)|.*: is given (?:twice|[0-9]+ times).*|.*: none of its first lines has a .*"
                  rb"|.*: (?:line [0-9]+, )?byte [0-9]+: '.*' is not a time; [0-9]+ lines? ha(?:s|ve) no time that wf can read(?:, and (?:is|are) left out)?|-t: a table has at most 1000 columns; [0-9,]+ more keys are in its rest)\n)")

# How many lines were left out, because a number in them is too large.
TOO_LARGE = rb"(?m)^wf: .*: line [0-9]+, byte [0-9]+: a number to add up does not fit in 64 bits; %d lines? left out\n"


def json_answer(text):
    """What a JSON answer says, but for what was asked.  A ValueError if it is no JSON."""
    answer = json.loads(text.decode('utf-8', 'strict'), parse_float=Decimal)
    del answer['query']
    answer['reports'] = [{name: report[name] for name in ('name', 'matched', 'keys', 'rows')} for report in answer['reports']]
    return answer


def has_sketch(answer):
    return any(name.startswith('~uniq_') for report in answer['reports'] for row in report['rows'] for name in row)


def with_estimates(answer, exact):
    """The exact answer, but with the estimates of another one where these are good ones."""
    for report, exact_report in zip(answer['reports'], exact['reports']):
        for row, exact_row in zip(report['rows'], exact_report['rows']):
            for name in exact_row:
                if name.startswith('~uniq_') and is_good(row[name], exact_row[name]):
                    exact_row[name] = row[name]
    return exact


def is_good(estimate, number):
    """Whether an estimate is within four standard errors; a few values are hardly ever in one register."""
    return abs(estimate - number) <= max(0.065 * number, 1 if number > 1 else 0)


def wf2_answer(text):
    """A JSON answer to -r wf2: for what reason a line is in no ranking does not matter."""
    answer = json_answer(text)
    answer['account']['in none'] = sum(answer['account'].pop(name) for name in ('unmatched', 'unparsed', 'filtered'))
    return answer


def difference(got, case):
    """None, or how wf's Answer differs from the oracle's and what stdout should be."""
    try:
        result = oracle.count(case.inputs(), case.query())
    except oracle.BadQuery as error:
        if (got.status, got.stdout) == (2, b'') and got.stderr.startswith(b'wf: '):
            return None
        return f'not refused, though {error}', b''
    except oracle_over.TooLong as error:
        if (got.status, got.stdout) == (2, b'') and re.search(rb'(?m)^wf: (?:.*: )?-t .* more than 1,000,000 rows', got.stderr):
            return None
        return f'not too long, though -t {error}', b''
    status = oracle.exit_status(result, case.missing)
    stdout = oracle.render(result, case.form, case.report == 'wf2')
    if got.status != status:
        return f'exit status {got.status}, not {status}', stdout
    if case.form == 'json':
        try:
            read = wf2_answer if case.report == 'wf2' else json_answer
            answer, expected = read(got.stdout), read(stdout)
            if has_sketch(expected):
                expected = with_estimates(answer, expected)
            if answer != expected:
                return 'JSON says something else', stdout
        except (ValueError, KeyError, TypeError) as error:
            return f'JSON cannot be read: {error!r}', stdout
    elif got.stdout != stdout:
        return 'stdout', stdout
    if case.unmatched and not case.missing and got.unmatched != oracle.unmatched_text(result, case.names()):
        return f'--unmatched, not {oracle.unmatched_text(result, case.names())!r}', stdout
    complaint = wrong_complaint(got, case, result)
    return (complaint, stdout) if complaint else None


def wrong_complaint(got, case, result):
    """None, or what is wrong with standard error."""
    if got.merged:
        return 'stderr is not empty' if got.status != 2 and HINT.sub(b'', TWICE.sub(b'', got.stderr)) else None
    for number, line in result.unknown:
        name = case.names()[number] if case.how == 'file' else b''
        # wf may see the core of an access log, and be unable to tell which of two texts or numbers is which.
        if not re.search(rb'(?m)^wf: .*%s: (?:line %d fits no known log format|it is not clear)' % (re.escape(name), line), got.stderr):
            return f'stderr does not tell that line {line} of {name!r} fits no known log format'
    if case.missing and b'nowhere' not in got.stderr:
        return 'stderr does not tell what is missing'
    if result.too_large and not re.search(TOO_LARGE % result.account['given_up'], got.stderr):
        return 'stderr does not tell that a number is too large, and where'
    told = re.search(rb'(?m)^' + DO_NOT_FIT, got.stderr)
    unparsed, lines = result.account['unparsed'], result.account['lines']
    if told and case.report != 'wf2' and tuple(int(told[i].replace(b',', b'')) for i in (1, 2)) != (unparsed, lines):
        return f'stderr tells of other lines than {unparsed} of {lines}'
    due = lines // 100 < unparsed < lines and case.report != 'wf2'
    if due and not told:
        return 'stderr does not tell that lines do not fit'
    # Where nothing was found, wf may say what to try.
    if HINT.sub(b'', got.stderr) and not (result.unknown or case.missing or result.too_large or not result.account['matched']):
        return 'stderr is not empty'
    return None
