#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verify the knowledge tables: shape, references, dates, and that no alias is claimed twice.

Usage: check_knowledge.py FOLDER
Prints every problem as file:line: text; exit 1 when there is any, 2 on wrong use.
"""
import os
import re
import sys

COLUMNS = {
    "countries.tsv": ["id", "latin"],
    "places.tsv": ["id", "latin", "country", "level"],
    "organisations.tsv": ["id", "latin", "kind", "country", "sector", "code"],
    "agencies.tsv": ["id", "latin", "country", "kind", "hosts"],
    "roles.tsv": ["id", "en", "sector", "exclusive"],
    "actors.tsv": ["id", "latin", "country", "roles"],
}
LANGUAGE = re.compile(r"^[a-z]{2}(_adj|_metonym|_plural|_short)?$")
ID = {
    "countries.tsv": re.compile(r"^[A-Z]{3}$"),
    "roles.tsv": re.compile(r"^[a-z_]+$"),
    "agencies.tsv": re.compile(r"^[a-z0-9-]{1,32}$"),
}
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
ENUM = {
    ("places.tsv", "level"): {"city", "admin1", "region", "site"},
    ("organisations.tsv", "kind"): {"igo", "org", "group", "region"},
    ("agencies.tsv", "kind"): {"agency", "outlet"},
    ("roles.tsv", "exclusive"): {"yes", "no"},
}
SECTORS = set(
    "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB "
    "MED REF OPP PRE REL SOC".split()
)
HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
CODE = re.compile(r"^([A-Z]{3,12})?$")
DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

# Arabic letters and marks that a Persian cell must not hold: they would be folded
# away in matching, but the first alternative is published as the native name.
ARABIC = {"ي": "ي", "ى": "ى", "ك": "ك", "ة": "ة", "\u0640": "tatweel", "\u00a0": "no-break space"}

# (file, alias as matched) -> why two rows may claim it
ALLOWED = {}

problems = []


def problem(name, line, text):
    problems.append(f"{name}:{line}: {text}")


def fold(alias):
    """What matching sees, spaces out: two aliases with one key cannot be told apart."""
    table = {"أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ئ": "ی", "ة": "ه", "ۀ": "ه", "ى": "ی", "ي": "ی", "ك": "ک"}
    out = []
    for ch in alias.lower():
        if ch in "_ \u200c\u200d":
            continue
        if "\u064b" <= ch <= "\u0655":
            continue
        if ch in "۰۱۲۳۴۵۶۷۸۹":
            ch = chr(ord(ch) - 0x06F0 + 0x30)
        out.append(table.get(ch, ch))
    return "".join(out)


def read(folder, name):
    """The rows as (line number, {column: cell}); shape problems are reported."""
    path = os.path.join(folder, name)
    rows, head, comment = [], None, False
    try:
        with open(path, encoding="utf-8", newline="") as f:
            text = f.read()
    except (OSError, UnicodeDecodeError) as err:
        problem(name, 0, f"cannot read: {err}")
        return rows
    if "\r" in text:
        problem(name, 0, "carriage return")
    if not text.endswith("\n"):
        problem(name, 0, "no newline at the end")
    for number, line in enumerate(text.split("\n")[:-1], 1):
        if number == 1 and not line.startswith("# "):
            problem(name, 1, "the first line must say in a comment what this file is")
        if line.startswith("#"):
            continue
        cells = line.split("\t")
        if head is None:
            head = cells
            check_head(name, number, head)
            continue
        if len(cells) != len(head):
            problem(name, number, f"{len(cells)} columns, the header has {len(head)}")
            continue
        rows.append((number, dict(zip(head, cells))))
    if not rows:
        problem(name, 0, "no rows")
    return rows


def check_head(name, number, head):
    want = COLUMNS[name]
    if head[: len(want)] != want:
        problem(name, number, f"the header must start with {' '.join(want)}")
    for column in head[len(want) :]:
        if not LANGUAGE.match(column):
            problem(name, number, f"column {column!r} is named by no language code")
    if "fa" not in head:
        problem(name, number, "no column fa")
    if len(set(head)) != len(head):
        problem(name, number, "a column twice")


def check_cells(name, number, row):
    for column, cell in row.items():
        if cell != cell.strip() or "  " in cell:
            problem(name, number, f"{column}: stray space in {cell!r}")
        if not LANGUAGE.match(column):
            allowed = ENUM.get((name, column))
            if allowed and cell not in allowed:
                problem(name, number, f"{column}: {cell!r} is none of {' '.join(sorted(allowed))}")
            continue
        if not cell:
            continue
        for alias in cell.split("|"):
            if not alias or alias != alias.strip(" _"):
                problem(name, number, f"{column}: empty or ragged alternative in {cell!r}")
            for ch, what in ARABIC.items():
                if ch in alias:
                    problem(name, number, f"{column}: {what} in {alias!r}")
        keys = [alias for alias in cell.split("|")]
        if len(set(keys)) != len(keys):
            problem(name, number, f"{column}: an alternative twice")
    pattern = ID.get(name, SLUG)
    if not pattern.match(row["id"]):
        problem(name, number, f"bad id {row['id']!r}")
    if not row.get("latin", row.get("en", "")):
        problem(name, number, "no latin name")
    if name == "organisations.tsv" and not CODE.match(row["code"]):
        problem(name, number, f"bad code {row['code']!r}")
    for sector in filter(None, row.get("sector", "").split("|")):
        if sector not in SECTORS:
            problem(name, number, f"unknown sector {sector!r}")
    for host in filter(None, row.get("hosts", "").split("|")):
        if not HOST.match(host):
            problem(name, number, f"bad host {host!r}")


def check_ids(name, rows):
    seen = {}
    for number, row in rows:
        first = seen.setdefault(row["id"], number)
        if first != number:
            problem(name, number, f"id {row['id']} is that of line {first}")


def check_hosts(name, rows):
    seen = {}
    for number, row in rows:
        for host in filter(None, row["hosts"].split("|")):
            first = seen.setdefault(host, (number, row["id"]))
            if first[1] != row["id"]:
                problem(name, number, f"host {host} is that of {first[1]}, line {first[0]}")


def check_aliases(name, rows):
    """One alias, one id. Names stand beside short names and metonyms of their own file:
    what the text says is all there is to go by. Adjectives and plurals are read apart."""
    seen = {}
    for number, row in rows:
        for column, cell in row.items():
            if not LANGUAGE.match(column):
                continue
            part = column.partition("_")
            kind = part[2] if part[2] in ("adj", "plural") else "name"
            for alias in filter(None, cell.split("|")):
                key = (part[0], kind, fold(alias))
                first = seen.setdefault(key, (number, row["id"]))
                if first[1] == row["id"] or (name, fold(alias)) in ALLOWED:
                    continue
                problem(name, number, f"{alias!r} of {row['id']} is also {first[1]}, line {first[0]}")


def bounds(text, last):
    """A date of any precision as its first or last day (y, m, d); None where it is no date."""
    match = DATE.match(text)
    if not match:
        return None
    year = int(match[1])
    month = int(match[2]) if match[2] else (12 if last else 1)
    if not 1 <= month <= 12 or not 1850 <= year <= 2100:
        return None
    day = int(match[3]) if match[3] else (DAYS[month - 1] if last else 1)
    if not 1 <= day <= DAYS[month - 1]:
        return None
    return (year, month, day)


def check_terms(name, rows, known, roles):
    """Every `role@WHERE from until`; and no two holders of one exclusive office at once.
    Terms may touch: where only a year or month is known they may share that year or month."""
    held = {}
    for number, row in rows:
        for term in filter(None, row["roles"].split(" ; ")):
            match = re.match(r"^([a-z_]+)@(\S+) (\S+) (\S+)$", term)
            if not match:
                problem(name, number, f"bad term {term!r}")
                continue
            role, where, since, until = match.groups()
            if role not in roles:
                problem(name, number, f"unknown role {role!r}")
                continue
            if where not in known:
                problem(name, number, f"unknown country or organisation {where!r}")
            bad = False
            for date in (since, until):
                if date != "-" and not bounds(date, False):
                    problem(name, number, f"bad date {date!r}")
                    bad = True
            if bad:
                continue
            # the latest possible start and the earliest possible end
            start = (0, 0, 0) if since == "-" else bounds(since, True)
            end = (9999, 0, 0) if until == "-" else bounds(until, False)
            if since != "-" and until != "-" and bounds(since, False) > bounds(until, True):
                problem(name, number, f"{term!r} ends before it starts")
            if roles[role] == "yes":
                held.setdefault((role, where), []).append((start, end, number, row["id"], term))
    for (role, where), terms in held.items():
        for i, a in enumerate(terms):
            for b in terms[i + 1 :]:
                if a[0] < b[1] and b[0] < a[1] and a[0] < a[1] and b[0] < b[1]:
                    problem(name, b[2], f"{b[3]} ({b[4]}) and {a[3]} ({a[4]}, line {a[2]}) hold {role}@{where} at once")


def main():
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        print("usage: check_knowledge.py FOLDER", file=sys.stderr)
        return 2
    tables = {}
    for name in COLUMNS:
        if not os.path.exists(os.path.join(sys.argv[1], name)):
            problem(name, 0, "missing")
            continue
        tables[name] = read(sys.argv[1], name)
        check_ids(name, tables[name])
        for number, row in tables[name]:
            check_cells(name, number, row)
        check_aliases(name, tables[name])
    countries = {row["id"] for _, row in tables.get("countries.tsv", [])}
    organisations = {row["id"] for _, row in tables.get("organisations.tsv", [])}
    roles = {row["id"]: row["exclusive"] for _, row in tables.get("roles.tsv", [])}
    for name, rows in tables.items():
        for number, row in rows:
            country = row.get("country", "")
            if country and country not in countries:
                problem(name, number, f"unknown country {country!r}")
    if "agencies.tsv" in tables:
        check_hosts("agencies.tsv", tables["agencies.tsv"])
    if "actors.tsv" in tables:
        check_terms("actors.tsv", tables["actors.tsv"], countries | organisations, roles)
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
