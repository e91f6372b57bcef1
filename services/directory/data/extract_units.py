#!/usr/bin/env python3
"""Writes units.tsv from the dataset of the PyPI package `vietnamadminunits` (MIT licence, see LICENSE-units.txt).

    pip download --no-deps vietnamadminunits==1.0.4
    unzip vietnamadminunits-1.0.4-py3-none-any.whl
    python3 extract_units.py vietnamadminunits/data/dataset.db 1.0.4 > units.tsv

Only the standard library is needed. The script stops instead of writing a table that is not
34 provinces and 3,321 communes.
"""

import re
import sqlite3
import sys
import unicodedata

PROVINCES = 34
COMMUNES = 3321
VALID_FROM = "2025-07-01"
PROVINCE_KINDS = {"Tỉnh": "tỉnh", "Thành phố": "thành phố"}
COMMUNE_KINDS = {"Xã": "xã", "Phường": "phường", "Đặc khu": "đặc khu"}

HEADER = """\
# Administrative units of Việt Nam since 1 July 2025: {provinces} provinces and {communes} communes, wards and special zones.
# Source: PyPI package vietnamadminunits {version}, data/dataset.db, table admin_units (codes of the statistics office).
# Licence: MIT, Copyright (c) 2025 Tran Ngoc Minh Hieu, see LICENSE-units.txt. Made by extract_units.py.
# Format: UTF-8 (NFC), one unit a line, five fields between tabs, no quoting; lines that begin with # are comments.
# Order: each province is followed by its communes; both by code. A province has no parent (empty field).
# gso_code\tkind\tname\tparent\tvalid_from
"""


def split(full_name, kinds):
    """('Phường Ba Đình', COMMUNE_KINDS) -> ('phường', 'Ba Đình').

    The kind is read from the full name: the dataset's own wardType column contradicts it in four rows.
    """
    full_name = unicodedata.normalize("NFC", " ".join(full_name.split()))
    for printed, kind in kinds.items():
        if full_name.startswith(printed + " "):
            name = full_name[len(printed) + 1:]
            if not name[0].isupper() and not name[0].isdigit():
                raise ValueError(f"no capital: {full_name!r}")
            return kind, name
    raise ValueError(f"unknown kind: {full_name!r}")


def units(path):
    query = "SELECT provinceCode, province, wardCode, ward FROM admin_units ORDER BY provinceCode, wardCode"
    seen = set()
    for province_code, province, code, commune in sqlite3.connect(path).execute(query):
        if not re.fullmatch(r"\d\d", province_code) or not re.fullmatch(r"\d{5}", code):
            raise ValueError(f"odd codes: {province_code!r} {code!r}")
        if province_code not in seen:
            seen.add(province_code)
            yield (province_code, *split(province, PROVINCE_KINDS), "", VALID_FROM)
        if code in seen:
            raise ValueError(f"twice: {code}")
        seen.add(code)
        yield (code, *split(commune, COMMUNE_KINDS), province_code, VALID_FROM)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, version = sys.argv[1:]
    rows = list(units(path))
    provinces = sum(1 for row in rows if not row[3])
    communes = len(rows) - provinces
    if (provinces, communes) != (PROVINCES, COMMUNES):
        sys.exit(f"found {provinces} provinces and {communes} communes, not {PROVINCES} and {COMMUNES}")
    sys.stdout.write(HEADER.format(provinces=provinces, communes=communes, version=version))
    for row in rows:
        sys.stdout.write("\t".join(row) + "\n")


if __name__ == "__main__":
    main()
