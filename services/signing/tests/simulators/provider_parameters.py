"""Reading what a client sends: the published types, and errors worded as published."""

import base64
import binascii
import json

from asn1crypto import algos

HASHES = {"2.16.840.1.101.3.4.2.1": ("sha256", 32), "2.16.840.1.101.3.4.2.2": ("sha384", 48),
          "2.16.840.1.101.3.4.2.3": ("sha512", 64)}
RSA, PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
# Algorithms of signature that name their hash themselves.
NAMES_HASH = {
    "1.2.840.113549.1.1.11": "sha256", "1.2.840.113549.1.1.12": "sha384", "1.2.840.113549.1.1.13": "sha512",
    "1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512",
}
SIZES = dict(HASHES.values())


class Refusal(Exception):
    def __init__(self, description, error="invalid_request", status=400):
        super().__init__(description)
        self.status, self.body = status, {"error": error, "error_description": description}


def once(pairs):
    told = dict(pairs)
    if len(told) != len(pairs):
        raise Refusal("A parameter is repeated")
    return told


def read_body(body, allowed):
    """The parameters that are there; null is the same as absent."""
    try:
        told = json.loads(body.decode(), object_pairs_hook=once)
    except ValueError as error:
        raise Refusal("The body is not JSON") from error
    if not isinstance(told, dict):
        raise Refusal("The body is not a JSON object")
    given = {name: value for name, value in told.items() if value is not None}
    strange = sorted(set(given) - set(allowed))
    if strange:
        raise Refusal(f"Unknown parameter {strange[0]}")
    for name in ("lang", "clientData"):
        optional(given, name, str)
    return given


def is_a(value, kind):
    return type(value) is kind  # a boolean is no integer here, and 1.0 is none either


WORDS = {str: "string", int: "integer", bool: "boolean", list: "array"}


def required(given, name, kind):
    if name not in given or not is_a(given[name], kind):
        raise Refusal(f"Missing (or invalid type) {WORDS[kind]} parameter {name}")
    return given[name]


def optional(given, name, kind, default=None):
    return required(given, name, kind) if name in given else default


def choice(given, name, values, default):
    value = optional(given, name, str, default)
    if value not in values:
        raise Refusal(f"Invalid parameter {name}")
    return value


def decode(text):
    """Base64 of RFC 4648 with its padding, and in its only spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def read_hashes(given):
    listed = required(given, "hashes", list)
    if not listed:
        raise Refusal("Empty hash array")
    raw = [decode(text) if isinstance(text, str) else None for text in listed]
    if any(not value for value in raw):
        raise Refusal("Invalid Base64 hash string parameter")
    return raw


def read_hash_algorithm(given):
    oid = required(given, "hashAlgorithmOID", str)
    if oid not in HASHES:
        raise Refusal("Invalid parameter hashAlgorithmOID")
    return HASHES[oid][0]


def check_lengths(raw, md):
    if any(len(value) != SIZES[md] for value in raw):
        raise Refusal("Invalid digest value length")


def read_pss(given, md):
    """Salt length of the parameters, which must be of the same hash throughout."""
    raw = decode(required(given, "signAlgoParams", str))
    try:
        told = algos.RSASSAPSSParams.load(raw, strict=True)
        salt = told["salt_length"].native
        same = told["hash_algorithm"]["algorithm"].native == md
        mask = told["mask_gen_algorithm"]
        same = same and mask["algorithm"].native == "mgf1" and mask["parameters"]["algorithm"].native == md
        same = same and told["trailer_field"].native == "trailer_field_bc"
    except (TypeError, ValueError) as error:
        raise Refusal("Invalid parameter signAlgoParams") from error
    if not same or not 0 <= salt <= SIZES[md]:
        raise Refusal("Invalid parameter signAlgoParams")
    return salt


def read_algorithm(given, allowed):
    """Algorithm of signature, hash and salt length (None but for RSA-PSS)."""
    algorithm = required(given, "signAlgo", str)
    if algorithm not in allowed:
        raise Refusal("Invalid parameter signAlgo")
    if algorithm in NAMES_HASH:  # hashAlgorithmOID is then ignored, as published
        md = NAMES_HASH[algorithm]
    else:
        md = read_hash_algorithm(given)
    if algorithm == PSS:
        return algorithm, md, read_pss(given, md)
    if "signAlgoParams" in given:
        raise Refusal("Invalid parameter signAlgoParams")
    return algorithm, md, None
