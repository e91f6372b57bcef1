"""Makes all files into a folder: `make.py FOLDER`. Beside them: the trusted root, the evidence, and `set.json`."""

import json
import pathlib
import sys

import pki
import legitimate
import attacks_file
import attacks_container
import attacks_number
import attacks_trust
import attacks_update
import oracle
from made import FILES


def main():
    folder = pathlib.Path(sys.argv[1])
    for part in (legitimate, attacks_file, attacks_container, attacks_trust, attacks_update, attacks_number):
        part.make()
    (folder / "root.der").write_bytes(pki.root.der)
    (folder / "sub.der").write_bytes(pki.sub.der)
    for name, data in {**pki.CRLS, **pki.OCSPS}.items():
        (folder / name).write_bytes(data)
    told = []
    for file in FILES:
        data = file.pop("data")
        (folder / f"{file['name']}.pdf").write_bytes(data)
        accepted, words = oracle.ask(data, [pki.CRLS[c] for c in file["crls"]], [pki.OCSPS[o] for o in file["ocsps"]],
                                     file.pop("history"), [getattr(pki, c) for c in file["certificates"]])
        told.append({**file, "accepted": accepted, "words": words})
    (folder / "set.json").write_text(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
