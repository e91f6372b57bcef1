"""Attacks on the container: attributes, algorithms, signers."""

import hashlib

from asn1crypto import cms, core, tsp

import pki
from forge import BASE, container, covered, holes, put, resign, sign, token_attribute
from legitimate import BB, BT, TWO
from made import add


def make():
    only = lambda *kinds: lambda signed: [a for a in signed if a["type"].native in kinds]
    add("no-content-type", "no content-type attribute", resign(BB, pki.an, attributes=only("message_digest", "signing_certificate_v2")),
        "invalid")
    add("no-digest", "no message-digest attribute", resign(BB, pki.an, attributes=only("content_type", "signing_certificate_v2")),
        "invalid")
    add("no-ess", "no signing-certificate attribute in a CAdES signature", resign(BB, pki.an, ess=None), "invalid",
        why="without it the certificate can be exchanged")
    add("ess-other", "the signing-certificate attribute names another certificate", resign(BB, pki.an, ess=pki.office), "invalid")
    add("ess-exchanged", "the certificate exchanged for another one with the same key",
        resign(BB, pki.same_key, ess=pki.an), "invalid")
    add("digest-twice", "two message-digest attributes", resign(BB, pki.an, attributes=lambda s: s + [cms.CMSAttribute(
        {"type": "message_digest", "values": [b"\0" * 32]})]), "invalid")
    add("digest-two-values", "a message-digest attribute with two values", resign(BB, pki.an, attributes=lambda s: [
        a if a["type"].native != "message_digest" else cms.CMSAttribute(
            {"type": "message_digest", "values": [a["values"][0], core.OctetString(b"\0" * 32)]}) for a in s]), "invalid")
    add("type-other", "the content type is another one", resign(BB, pki.an, content_type="signed_data"), "invalid")
    add("digest-other", "a digest of something else", resign(BB, pki.an, digest=hashlib.sha256(b"khac").digest()), "invalid")
    add("two-signers", "two signer infos", resign(BB, pki.an, twice=True), "invalid")
    add("no-signers", "no signer info", no_signers(), "invalid")
    add("attached", "the content stands in the container too", resign(BB, pki.an, detached=False), "invalid",
        why="which of two contents is meant must not be a question")
    add("signature-of-other-key", "signed with another key", resign(BB, pki.an, private=pki.key("rsa2048", "TSA Thử")), "invalid")
    add("sha1", "SHA-1", resign(BB, pki.an, md="sha1"), "invalid")
    add("md5", "MD5", resign(BB, pki.an, md="md5"), "invalid")
    add("rsa-1024", "RSA of 1024 bits", sign(BASE, pki.weak), "invalid")
    add("algorithms-differ", "the signature's algorithm names another hash", resign(BB, pki.an, sig_alg="sha512_rsa"), "invalid")
    add("no-certificate", "the signer's certificate is not in the container", resign(BB, pki.an, certs=[pki.sub]), "invalid")
    add("container-of-other", "the container of another document", put(BB, 0, container(BT).dump()), "invalid")
    add("container-exchanged", "the second signature's container in the first's place", put(TWO, 0, container(TWO, 1).dump()), "invalid")
    add("container-broken", "no container at all", put(BB, 0, b"\x30\x03\x02\x01\x01"), "invalid")
    add("container-zero", "nothing but zeros", put(BB, 0, b""), "invalid")
    add("container-nested", "a length that goes beyond the container", put(BB, 0, b"\x30\x84\x7f\xff\xff\xff"), "invalid")
    old = sign(BASE, pki.an, reserved=16000)
    sha1 = old.replace(b"/SubFilter /ETSI.CAdES.detached", b"/SubFilter /adbe.pkcs7.sha1    ".ljust(31))
    add("subfilter-sha1", "adbe.pkcs7.sha1", resign(sha1, pki.an) if len(sha1) == len(old) else sha1, "invalid")
    strange = old.replace(b"/SubFilter /ETSI.CAdES.detached", b"/SubFilter /Khac.Loai.detached ")
    add("subfilter-unknown", "an unknown kind of signature", resign(strange, pki.an), "invalid")
    stamps()


def no_signers():
    content = container(BB)
    content["content"]["signer_infos"] = []
    return put(BB, 0, content.dump(force=True))


def stamps():
    """Timestamps over the signature."""
    def stamped(attribute):
        return resign(BT, pki.an, unsigned=attribute)

    add("stamp-other", "a timestamp over something else", stamped(lambda i: [token_attribute(b"khac")]), "invalid")
    add("stamp-of-signature", "the timestamp of another signature", stamped(lambda i: [first_token()]), "invalid")
    add("stamp-rogue", "a timestamp of an unknown authority", stamped(lambda i: [token_attribute(i["signature"], pki.tsa_rogue)]),
        "invalid")
    add("stamp-revoked", "a timestamp of a revoked authority", stamped(lambda i: [token_attribute(i["signature"], pki.tsa_revoked)]),
        "invalid")
    add("stamp-expired", "a timestamp of an authority that has expired since",
        stamped(lambda i: [token_attribute(i["signature"], pki.tsa_expired, pki.NOW - 20 * pki.DAY)]), "invalid")
    add("stamp-no-eku", "stamped with a certificate that is not for it",
        stamped(lambda i: [token_attribute(i["signature"], pki.tsa_no_eku)]), "invalid")
    add("stamp-not-critical", "stamped with a certificate whose purpose is not critical",
        stamped(lambda i: [token_attribute(i["signature"], pki.tsa_not_critical)]), "invalid", why="RFC 3161, 2.3: critical")
    add("stamp-signer", "stamped with a person's certificate", stamped(lambda i: [token_attribute(i["signature"], pki.binh_rsa)]),
        "invalid")
    add("stamp-future", "a timestamp of tomorrow", stamped(lambda i: [token_attribute(i["signature"], when=pki.NOW + pki.DAY)]),
        "invalid", why="nothing is stamped tomorrow")
    add("stamp-sha1", "a timestamp with SHA-1", stamped(lambda i: [token_attribute(i["signature"], md="sha1")]), "invalid",
        why="SHA-1 does not count, in timestamps neither")
    add("stamp-broken", "a timestamp that cannot be read", stamped(lambda i: [cms.CMSAttribute(
        {"type": "signature_time_stamp_token", "values": [broken_token()]})]), "invalid")
    add("stamp-two", "two values in one timestamp attribute", stamped(lambda i: [token_attribute(i["signature"], count=2)]), "invalid",
        why="which of the two counts must not be a question")


def first_token():
    return next(a for a in container(BT)["content"]["signer_infos"][0]["unsigned_attrs"])


def broken_token():
    return cms.ContentInfo({"content_type": "data", "content": core.OctetString(b"khong phai dau thoi gian")})
