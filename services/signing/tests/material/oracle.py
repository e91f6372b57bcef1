"""What pyHanko says about a file: as of now, and where a trusted time stands in the file, as of then."""

import io
import logging

from asn1crypto import crl as asn1_crl, ocsp as asn1_ocsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext

import pki

logging.disable(logging.CRITICAL)


def short(error):
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:90]


def plain(data, crls, ocsps, others, moment=None, ts_moment=None):
    # Hybrid files are refused by a setting, whatever is in them; as word processors write them, it is told to admit them.
    reader = PdfFileReader(io.BytesIO(data), strict=b"/XRefStm" not in data)
    try:
        store = DocumentSecurityStore.read_dss(reader)
        kept = [list(store.load_certs()), [asn1_crl.CertificateList.load(c.get_object().data) for c in store.crls],
                [asn1_ocsp.OCSPResponse.load(o.get_object().data) for o in store.ocsps]]
    except NoDSSFoundError:
        kept = [[], [], []]

    def context(moment=None):
        return ValidationContext(trust_roots=[pki.root.asn1], allow_fetching=False, revocation_mode="require",
                                 moment=moment, retroactive_revinfo=moment is not None,
                                 crls=[asn1_crl.CertificateList.load(c) for c in crls] + kept[1],
                                 ocsps=[asn1_ocsp.OCSPResponse.load(o) for o in ocsps] + kept[2],
                                 other_certs=[c.asn1 for c in others] + kept[0])

    told = []
    for signature in reader.embedded_regular_signatures:
        status = validate_pdf_signature(signature, context(moment), ts_validation_context=context(ts_moment))
        told.append((status.bottom_line, status.summary()[:80]))
    for signature in reader.embedded_timestamp_signatures:
        status = validate_pdf_timestamp(signature, context())
        good = status.intact and status.valid and status.trusted
        told.append((good, status.summary()[:80]))
    return told


def ask(data, crls, ocsps, history, others=()):
    """`accepted`, and the words."""
    try:
        told = plain(data, crls, ocsps, others)
        accepted, words = bool(told) and all(good for good, _ in told), "; ".join(word for _, word in told) or "no signature"
    except Exception as error:  # whatever it stumbles over is a refusal
        accepted, words = False, short(error)
    if not accepted and history:
        # A trusted time stands in the file: the signer's certificate is judged as of then, the time's own as of now.
        try:
            told = plain(data, crls, ocsps, others, *(history if isinstance(history, tuple) else (history,)))
            accepted = all(good for good, _ in told)
            words = "as of the trusted time: " + "; ".join(word for _, word in told)
        except Exception as error:
            words += " / " + short(error)
    return accepted, words
