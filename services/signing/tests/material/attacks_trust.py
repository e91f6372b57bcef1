"""Attacks on trust: certificates that are not for it, chains that do not hold, evidence of revocation."""

import re

import pki
from forge import BASE, container, holes, put, resign, sign, stamper
from legitimate import BB, LONG_AGO, document_stamp, store
from made import add


def make():
    add("expired", "the certificate has expired, no timestamp", sign(BASE, pki.expired), "invalid")
    add("expired-before-stamp", "expired before the timestamp", sign(BASE, pki.expired, tsa=stamper()), "invalid")
    add("not-yet", "the certificate is not valid yet", sign(BASE, pki.future), "invalid")
    add("revoked", "revoked, no timestamp", sign(BASE, pki.revoked), "invalid")
    add("revoked-before-stamp", "revoked before the timestamp", sign(BASE, pki.revoked, tsa=stamper()), "invalid", history=pki.NOW)
    add("revoked-no-stamp-later", "revoked a few days ago, no timestamp", sign(BASE, pki.revoked), "invalid",
        crls=["root.crl", "later.crl"])
    add("revoked-backdated", "revoked; the claimed time is earlier", backdated(), "invalid", crls=["root.crl", "later.crl"])
    add("revoked-ocsp", "revoked by an OCSP answer", BB, "invalid", crls=["root.crl"], ocsps=["revoked.ocsp"])
    add("revoked-both", "an OCSP answer says good, the list says revoked", sign(BASE, pki.revoked), "invalid")
    add("revoked-hidden", "an old list in the file says good, the newest from outside says revoked",
        store(sign(BASE, pki.revoked), ["long.crl"], [pki.sub]), "invalid")
    add("no-evidence", "no revocation data", BB, "invalid", crls=())
    add("no-evidence-ca", "no revocation data about the authority", BB, "invalid", crls=["sub.crl"])
    add("stale-crl", "the list is out of date", BB, "invalid", crls=["root.crl", "stale.crl"])
    add("forged-crl", "a list that another key signed", BB, "invalid", crls=["root.crl", "forged.crl"])
    add("other-crl", "the list of another authority", BB, "invalid", crls=["root.crl", "rogue.crl"])
    add("stale-ocsp", "the OCSP answer is out of date", BB, "invalid", crls=["root.crl"], ocsps=["stale.ocsp"])
    add("forged-ocsp", "the OCSP answer of an unknown authority", BB, "invalid", crls=["root.crl"], ocsps=["forged.ocsp"])
    add("ocsp-not-responder", "an OCSP answer signed by somebody who may not", BB, "invalid", crls=["root.crl"],
        ocsps=["not-responder.ocsp"])
    add("ocsp-of-other", "an OCSP answer about another certificate", sign(BASE, pki.office), "invalid", crls=["root.crl"],
        ocsps=["good.ocsp"])
    add("rogue-root", "an unknown root of the same name", sign(BASE, pki.rogue), "invalid",
        crls=["root.crl", "sub.crl", "rogue.crl"])
    add("self-signed", "a certificate that vouches for itself", sign(BASE, pki.lone), "invalid")
    add("issued-by-person", "issued by a person's certificate", sign(BASE, pki.leaf_issued), "invalid",
        crls=["root.crl", "sub.crl", "an.crl"])
    add("too-deep", "an authority below one that may have none", sign(BASE, pki.too_deep), "invalid",
        crls=["root.crl", "sub.crl", "deep.crl"])
    add("no-ca-flag", "issued by a certificate that is no authority", sign(BASE, pki.under_no_ca), "invalid",
        crls=["root.crl", "sub.crl", "no-ca.crl"])
    add("chain-missing", "the intermediate authority is nowhere", sign(BASE, pki.an, chain=False), "invalid")
    add("usage-cipher", "a certificate for encryption only", sign(BASE, pki.cipher), "invalid")
    add("usage-server", "a certificate of a web server", sign(BASE, pki.server), "invalid", why="not issued for documents")
    add("usage-none", "a certificate that does not say what it is for", sign(BASE, pki.no_usage), "invalid",
        why="TT 15/2025 asks for certificates made for signing")
    add("strange-extension", "a critical extension that nobody knows", sign(BASE, pki.odd), "invalid")
    add("authority-signs", "the authority's own certificate signs a document", sign(BASE, pki.sub_as_signer), "invalid")
    add("document-stamp-rogue", "a timestamp over the document of an unknown authority", document_stamp(BB, pki.tsa_rogue), "invalid")
    add("document-stamp-revoked", "a timestamp over the document of a revoked authority", document_stamp(BB, pki.tsa_revoked), "invalid")
    add("expired-before-document-stamp", "expired before the timestamp over the document",
        document_stamp(store(sign(BASE, pki.expired), ["old-root.crl", "old.crl"], [pki.sub])), "invalid")
    stamped = document_stamp(BB)
    add("document-stamp-flipped", "a byte changed below a timestamp over the document", stamped.replace(b"12/QD", b"19/QD"), "invalid")
    add("document-stamp-imprint", "a timestamp over another document",
        put(stamped, 1, container(document_stamp(sign(BASE, pki.office)), 1).dump()), "invalid")


def backdated():
    data = sign(BASE, pki.revoked)
    at = re.search(rb"/M \(D(:|\\072)", data).end()
    return resign(data[:at] + b"20260101" + data[at + 8:], pki.revoked)
