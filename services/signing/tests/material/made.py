"""The list that the scripts add to: each file with what it is, what is expected, and what it is judged with."""

FILES = []
DEFAULT = ["root.crl", "sub.crl"]


def add(name, what, data, expect, crls=DEFAULT, ocsps=(), history=False, why="", certificates=()):
    """`expect` is valid, look or invalid; `why` says why we are stricter than pyHanko where we are."""
    assert expect in ("valid", "look", "invalid") and all(f["name"] != name for f in FILES), name
    FILES.append(dict(name=name, what=what, data=data, expect=expect, crls=list(crls), ocsps=list(ocsps), history=history,
                      why=why, certificates=list(certificates)))
