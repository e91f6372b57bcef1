"""The methods of the API by name: each takes the parameters and gives status and answer."""

import base64

from provider_parameters import (
    Refusal, check_lengths, choice, optional, read_algorithm, read_hash_algorithm, read_hashes, required)
from provider_state import Authorization

ACCEPTED = {"error": "accepted_request",
            "error_description": "The previous asynchronous request has been accepted but not yet completed"}
PHONE = {"type": "ChallengeResponseOOB", "id": "PHONE", "label": "Điện thoại",
         "description": "Xác nhận trên ứng dụng của nhà cung cấp"}
LONGEST_VALIDITY = 3_600_000  # milliseconds


def info(state, given):
    return 200, {
        "specs": "2.0.0.0", "name": "Ký số từ xa Thử", "logo": f"{state.base}logo.png", "region": "VN", "lang": "vi",
        "description": "A provider for tests", "authType": ["oauth2client"], "oauth2": state.base,
        "asynchronousOperationMode": True, "methods": [*METHODS, "oauth2/token"], "validationInfo": False,
        "signAlgorithms": {"algos": sorted({a for c in state.credentials.values() for a in c.algorithms})},
        "signature_formats": {"formats": ["P"], "envelope_properties": [["Revision"]]}, "conformance_levels": ["Ades-B-B"]}


def check_user(state, given):
    user = optional(given, "userID", str)
    if state.options.user_specific:
        if user is not None:
            raise Refusal("userID parameter MUST be null")
    elif user != state.options.user:
        raise Refusal("Invalid parameter userID")


def describe(state, credential, given):
    which = choice(given, "certificates", ["none", "single", "chain"], "single")
    certificate = credential.entity.cert
    told = {
        "description": f"Chứng thư thử {credential.kind}",
        "key": {"status": "enabled", "algo": credential.algorithms, "len": credential.entity.private.key_size},
        "cert": {"status": "valid"},
        "auth": {"mode": "explicit"},
        "SCAL": "2", "multisign": state.options.multisign, "lang": "vi"}
    if credential.curve:
        told["key"]["curve"] = credential.curve
    if which != "none":
        told["cert"]["certificates"] = credential.certificates(which)
    if optional(given, "certInfo", bool, False):
        told["cert"] |= {
            "issuerDN": certificate.issuer.rfc4514_string(), "serialNumber": format(certificate.serial_number, "X"),
            "subjectDN": certificate.subject.rfc4514_string(),
            "validFrom": certificate.not_valid_before_utc.strftime("%Y%m%d%H%M%SZ"),
            "validTo": certificate.not_valid_after_utc.strftime("%Y%m%d%H%M%SZ")}
    if optional(given, "authInfo", bool, False):
        told["auth"] |= {"expression": PHONE["id"], "objects": [PHONE]}
    return told


def credentials_list(state, given):
    check_user(state, given)
    whole = optional(given, "credentialInfo", bool, False)
    if not whole and any(name in given for name in ("certificates", "certInfo", "authInfo")):
        raise Refusal("certificates, certInfo and authInfo need credentialInfo")
    told = {"credentialIDs": list(state.credentials)}
    if whole:
        told["credentialInfos"] = [{"credentialID": c.id, **describe(state, c, given)} for c in state.credentials.values()]
    if optional(given, "onlyValid", bool, False):
        told["onlyValid"] = True
    return 200, told


def credentials_info(state, given):
    return 200, describe(state, state.credential(required(given, "credentialID", str)), given)


def activation(state, authorization):
    if not authorization:
        return None
    return 200, {"SAD": authorization.sad, "expiresIn": state.options.sad_seconds}


def credentials_authorize(state, given):
    credential = state.credential(required(given, "credentialID", str))
    count = required(given, "numSignatures", int)
    if count < 1:
        raise Refusal("Invalid value for parameter numSignatures")
    if count > state.options.multisign:
        raise Refusal("Numbers of signatures is too high")
    digests, md = read_hashes(given), read_hash_algorithm(given)
    check_lengths(digests, md)
    # Later hashes would come by credentials/extendTransaction, which this provider does not have.
    if count != len(digests):
        raise Refusal("Invalid value for parameter numSignatures")
    if required(given, "authData", list) != [{"id": PHONE["id"]}]:
        raise Refusal("The authentication data is invalid", "invalid_authentication_data")
    description = optional(given, "description", str, "")
    if len(description) > 500:
        raise Refusal("Invalid parameter description")
    authorization = Authorization(credential, digests, md, description)
    state.ask_phone(authorization)
    return activation(state, state.poll_phone(authorization.handle)) or (202, {"handle": authorization.handle})


def credentials_authorize_check(state, given):
    handle = required(given, "handle", str)
    return activation(state, state.poll_phone(handle)) or (202, {"handle": handle})


def read_mode(given):
    """Milliseconds to keep the result; None for an answer at once."""
    later = choice(given, "operationMode", ["S", "A"], "S") == "A"
    validity = optional(given, "validity_period", int, 600_000)
    if "validity_period" in given and not later:
        raise Refusal("Invalid parameter validity_period")
    if not 0 < validity <= LONGEST_VALIDITY:
        raise Refusal("Out of bounds parameter validity_period")
    if "response_uri" in given:  # this provider calls nobody
        raise Refusal("Invalid parameter response_uri")
    return validity if later else None


def sign_hash(state, given):
    credential = state.credential(required(given, "credentialID", str))
    authorization = state.activated(required(given, "SAD", str), credential)
    digests = read_hashes(given)
    algorithm, md, salt = read_algorithm(given, credential.algorithms)
    check_lengths(digests, md)
    state.check_authorized(authorization, digests, md)
    validity = read_mode(given)
    authorization.used = True
    signatures = credential.sign_all(digests, algorithm, md, salt, state.options.lie, state.options.ecdsa_format)
    if validity is None:
        return 200, {"signatures": signatures}
    return 200, {"responseID": state.keep(signatures, validity / 1000)}


def sign_polling(state, given):
    check_user(state, given)
    signatures = state.fetch(required(given, "requestID", str))
    return (202, ACCEPTED) if signatures is None else (200, {"signatures": signatures})


def phone(state):
    """What the phones show."""
    return [{"handle": a.handle, "credentialID": a.credential.id, "description": a.description,
             "hashes": [base64.b64encode(d).decode() for d in a.digests]} for a in state.waiting.values() if a.answer is None]


DESCRIBES = ["certificates", "certInfo", "authInfo", "lang", "clientData"]
# For each method: what does it, and which parameters it takes.
METHODS = {
    "info": (info, ["lang"]),
    "credentials/list": (credentials_list, ["userID", "credentialInfo", "onlyValid", *DESCRIBES]),
    "credentials/info": (credentials_info, ["credentialID", *DESCRIBES]),
    "credentials/authorize": (credentials_authorize, ["credentialID", "numSignatures", "hashes", "hashAlgorithmOID", "authData",
                                                      "description", "clientData"]),
    "credentials/authorizeCheck": (credentials_authorize_check, ["handle", "clientData"]),
    "signatures/signHash": (sign_hash, ["credentialID", "SAD", "hashes", "hashAlgorithmOID", "signAlgo", "signAlgoParams",
                                        "operationMode", "validity_period", "response_uri", "clientData"]),
    "signatures/signPolling": (sign_polling, ["requestID", "userID", "clientData"]),
}
# Published, and not offered here.
NOT_OFFERED = ["auth/login", "auth/revoke", "credentials/extendTransaction", "credentials/getChallenge", "credentials/sendOTP",
               "signatures/signDoc", "signatures/timestamp"]
