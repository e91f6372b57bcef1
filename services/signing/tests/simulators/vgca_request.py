"""What the page sends to the tool and what the server answers to an upload: exactly so, or refused."""

import datetime as dt
import json
import urllib.parse

KEYS = ["FileUploadHandler", "SessionId", "JWTToken", "FileName", "MetaData", "DocNumber", "IssuedDate"]
HANDLER_KEYS = {"Status": bool, "Message": str, "FileName": str, "FileServer": str}


class Refused(Exception):
    """What the person in front of the tool reads."""


def once(pairs):
    told = dict(pairs)
    if len(told) != len(pairs):
        raise Refused("JSON có khóa lặp lại")
    return told


def read_json(text):
    try:
        return json.loads(text, object_pairs_hook=once)
    except ValueError as error:
        raise Refused(f"Không phải JSON: {error}") from error


def exactly(told, keys, what):
    if not isinstance(told, dict):
        raise Refused(f"{what} phải là một đối tượng JSON")
    missing, strange = [k for k in keys if k not in told], [k for k in told if k not in keys]
    if missing or strange:
        raise Refused(f"{what}: thiếu {missing}, thừa {strange}")


def text(told, key):
    if not isinstance(told[key], str):
        raise Refused(f"{key} phải là chuỗi")
    return told[key]


def address(told, key):
    """The tool has no page around it: nothing that a relative address could be relative to, and no cookies either."""
    given = text(told, key)
    try:
        parts = urllib.parse.urlsplit(given)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        whole = False
    clean = given.isascii() and given.isprintable() and " " not in given
    if not whole or not clean or parts.username is not None or parts.fragment:
        raise Refused(f"{key} phải là địa chỉ http(s) đầy đủ: {given!r}")
    return given


def moment(told, key):
    given = text(told, key)
    if given:
        try:
            zoned = dt.datetime.fromisoformat(given).tzinfo is not None
        except ValueError:
            zoned = False
        if not zoned:
            raise Refused(f"{key} phải là thời điểm ISO 8601 kèm múi giờ: {given!r}")
    return given


def read_request(message):
    """The fields by name."""
    if not isinstance(message, str):
        raise Refused("Thông điệp phải là chuỗi JSON, không phải dữ liệu nhị phân")
    told = read_json(message)
    exactly(told, KEYS, "Tham số")
    for key in ("SessionId", "JWTToken", "DocNumber"):
        text(told, key)
    for key in ("FileUploadHandler", "FileName"):
        address(told, key)
    moment(told, "IssuedDate")
    if not isinstance(told["MetaData"], list):
        raise Refused("MetaData phải là danh sách")
    for pair in told["MetaData"]:
        exactly(pair, ["Key", "Value"], "MetaData")
        text(pair, "Key"), text(pair, "Value")
    return told


def read_handler_answer(status, body):
    """What the upload handler said: the names for the page. Anything else than a plain yes is a refusal."""
    if status != 200:
        raise Refused(f"Máy chủ trả lời {status} khi nhận tệp đã ký")
    try:
        told = read_json(body.decode())
    except UnicodeDecodeError as error:
        raise Refused("Câu trả lời của máy chủ không phải UTF-8") from error
    exactly(told, HANDLER_KEYS, "Câu trả lời của máy chủ")
    for key, kind in HANDLER_KEYS.items():
        if type(told[key]) is not kind:
            raise Refused(f"Câu trả lời của máy chủ: {key} sai kiểu")
    if not told["Status"]:
        raise Refused(told["Message"] or "Máy chủ không nhận tệp đã ký")
    return told
