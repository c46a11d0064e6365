#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check the knowledge tables: shape, references, dates, no alias claimed twice, no
surname that is an everyday word.

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
ARABIC = {"\u064a": "Arabic yeh", "\u0649": "alef maksura", "\u0643": "Arabic kaf",
          "\u0629": "teh marbuta", "\u0640": "tatweel", "\u00a0": "no-break space"}

FOLD = dict(zip("أإآؤئةۀىيك", "اااویههییک"))
FOLD.update((chr(0x06F0 + i), str(i)) for i in range(10))

# (file, alias as matched) -> why two rows may claim it
ALLOWED = {
    ("roles.tsv", "secretaryofstate"): "the American one is meant more often",
}

problems = []


def problem(name, line, text):
    problems.append(f"{name}:{line}: {text}")


def fold(alias):
    """What matching sees, spaces out: two aliases with one key cannot be told apart."""
    return "".join(FOLD.get(ch, ch) for ch in alias.lower()
                   if ch not in "_ \u200c\u200d" and not "\u064b" <= ch <= "\u0655")


def is_language(name, column):
    """The names of offices in English are what they are called elsewhere, too."""
    return (name, column) == ("roles.tsv", "en") or (
        column not in COLUMNS[name] and LANGUAGE.match(column) is not None)


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
        if not is_language(name, column):
            allowed = ENUM.get((name, column))
            if allowed and cell not in allowed:
                want = " ".join(sorted(allowed))
                problem(name, number, f"{column}: {cell!r} is none of {want}")
            continue
        if not cell:
            continue
        for alias in cell.split("|"):
            if not alias or alias != alias.strip(" _"):
                problem(name, number, f"{column}: ragged alternative in {cell!r}")
            for ch, what in ARABIC.items():
                if ch in alias and not column.startswith("ar"):
                    problem(name, number, f"{column}: {what} in {alias!r}")
        alternatives = cell.split("|")
        if len(set(alternatives)) != len(alternatives):
            problem(name, number, f"{column}: an alternative twice")
        if len(column) == 2 and "_" in alternatives[0]:
            problem(name, number, f"{column}: the first alternative is shown to "
                    f"readers: write {alternatives[0]!r} as it is printed")
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
                problem(name, number, f"host {host} is that of {first[1]}, "
                        f"line {first[0]}")


def check_aliases(name, rows):
    """One alias, one id. Names, short names and metonyms of a file stand side by side,
    for what the text says is all there is to go by; adjectives and plurals apart."""
    seen = {}
    for number, row in rows:
        for column, cell in row.items():
            if not is_language(name, column):
                continue
            part = column.partition("_")
            kind = part[2] if part[2] in ("adj", "plural") else "name"
            for alias in filter(None, cell.split("|")):
                key = (part[0], kind, fold(alias))
                first = seen.setdefault(key, (number, row["id"]))
                if first[1] == row["id"] or (name, fold(alias)) in ALLOWED:
                    continue
                problem(name, number, f"{alias!r} of {row['id']} is also {first[1]}, "
                        f"line {first[0]}")


def day_of(text):
    """The first day of a date of any precision: (year, month, day), or None."""
    match = DATE.match(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    if not (1850 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= DAYS[month - 1]):
        return None
    return (year, month, day)


def check_terms(name, rows, known, roles):
    """Every `role@WHERE from until`, held on the days [from, until); no two holders of
    one exclusive office on the same day."""
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
            start = (0, 0, 0) if since == "-" else day_of(since)
            end = (9999, 0, 0) if until == "-" else day_of(until)
            if start is None or end is None:
                problem(name, number, f"bad date in {term!r}")
                continue
            if start >= end:
                problem(name, number, f"{term!r} ends before it starts")
            if roles[role] == "yes":
                holder = (start, end, number, row["id"], term)
                held.setdefault((role, where), []).append(holder)
    for terms in held.values():
        terms.sort(key=lambda holder: holder[2])
        for i, a in enumerate(terms):
            for b in terms[i + 1 :]:
                if a[0] < b[1] and b[0] < a[1]:
                    problem(name, b[2], f"{b[3]} ({b[4]}) while {a[3]} is there "
                            f"({a[4]}, line {a[2]})")


def check_shorts(name, rows, folder):
    """A surname that stands alone must be no everyday word of its language."""
    for language in {c[:2] for _, row in rows for c in row if c.endswith("_short")}:
        path = os.path.join(folder, "..", "lang", language, "stopwords.tsv")
        everyday = set()
        if os.path.exists(path):
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    words = line.rstrip("\n").split("\t")[-1].split("|")
                    everyday |= {fold(word) for word in words}
        for number, row in rows:
            for alias in (row.get(language + "_short") or "").split("|"):
                if alias and fold(alias) in everyday:
                    problem(name, number, f"{alias!r} is an everyday word")


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
        check_terms("actors.tsv", tables["actors.tsv"], countries | organisations,
                    roles)
        check_shorts("actors.tsv", tables["actors.tsv"], sys.argv[1])
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
