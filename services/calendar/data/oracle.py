#!/usr/bin/env python3
"""Writes oracle-2020-2027.txt: what the PyPI package `holidays` (MIT) says of Viet Nam's days off.

    pip install holidays==0.109
    python3 oracle.py > oracle-2020-2027.txt

The package computes Tết and National Day by rules of its own and knows most swapped days, but not all. The test
`the_package_holidays_agrees` compares it with our calendar and lists every difference with its reason.
"""
import holidays

YEARS = range(2020, 2028)

calendar = holidays.VN(years=YEARS, language="vi")
print(f"# PyPI holidays {holidays.__version__} (MIT), holidays.VN, years {YEARS[0]} to {YEARS[-1]}. Made by oracle.py.")
print("# off: a day off; work: a Saturday worked for a swapped day off")
for date, name in sorted(calendar.items()):
    print(f"off {date} {name}")
for date in sorted(d for d in calendar.weekend_workdays if d.year in YEARS):
    print(f"work {date}")
