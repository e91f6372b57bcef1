"""What the tests of the simulators share: a simulator as a process of its own, and certificates to give it."""

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "material"))

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12  # noqa: E402

PASSWORD = "mật khẩu (1)"


@contextlib.contextmanager
def running(script, *options):
    """What the simulator says of itself once it is ready; it is gone afterwards."""
    command = [sys.executable, str(HERE / script), *map(str, options)]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            line = process.stdout.readline()
            if not line:
                process.wait()
                log.seek(0)
                raise AssertionError(f"{script} did not start: {log.read()}")
            yield json.loads(line)
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def refuses_to_start(script, *options):
    command = [sys.executable, str(HERE / script), *map(str, options)]
    return subprocess.run(command, capture_output=True, timeout=60).returncode != 0


def write_p12(path, entity):
    path.write_bytes(pkcs12.serialize_key_and_certificates(
        b"key", entity.private, entity.cert, [c.cert for c in entity.chain()], BestAvailableEncryption(PASSWORD.encode())))
    return path


class InFolder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
