"""What pyHanko says of files, and files as others make them. Argument: the folder of certificates.

Each line on standard input is a verb, a file to read and a file to write; each line of the output is the answer.
"""

import asyncio
import json
import logging
import sys
import traceback
from datetime import timedelta

from asn1crypto import crl
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import signers
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec
from pyhanko.sign.validation import ades, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, FreshnessReqType, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

logging.disable(logging.CRITICAL)
folder = sys.argv[1]


def der(name):
    with open(f"{folder}/{name}", "rb") as file:
        return file.read()


def root():
    return load_cert_from_pemder(f"{folder}/root.crt")


def context():
    crls = [der("issuing.crl"), der("root.crl")]
    return ValidationContext(trust_roots=[root()], allow_fetching=False, crls=crls, revocation_mode="hard-fail")


def judge(reader):
    for signature in reader.embedded_regular_signatures:
        status = validate_pdf_signature(signature, context(), ts_validation_context=context())
        raw = signature.sig_object
        yield {
            "field": signature.field_name,
            "bottom_line": status.bottom_line,
            "coverage": status.coverage.name,
            "changes": status.modification_level.name if status.modification_level else None,
            "timestamp": bool(status.timestamp_validity and status.timestamp_validity.trusted),
            "algorithm": status.pkcs7_signature_mechanism,
            "reason": str(raw.get("/Reason", "")),
            "name": str(raw.get("/Name", "")),
            "location": str(raw.get("/Location", "")),
            "moment": str(raw.get("/M", "")),
            "summary": status.summary(),
            "trust_problem": str(status.trust_problem_indic),
            "changes_problem": str(status.diff_result)[:300],
        }
    for stamp in reader.embedded_timestamp_signatures:
        status = validate_pdf_timestamp(stamp, context())
        yield {
            "field": stamp.field_name,
            "bottom_line": status.intact and status.valid and status.trusted,
            "coverage": status.coverage.name,
        }


def judge_long_term(reader):
    # Nothing is at hand but the root and the store in the file.
    settings = {"trust_roots": [root()], "allow_fetching": False, "revocation_mode": "hard-fail"}
    for signature in reader.embedded_regular_signatures:
        carried = [DocumentSecurityStore.read_dss(reader).as_validation_context(settings) for _ in range(2)]
        status = validate_pdf_signature(signature, carried[0], ts_validation_context=carried[1])
        yield {"field": signature.field_name, "result": "OK" if status.bottom_line else status.summary()}


def judge_archive(reader):
    revocation = CertRevTrustPolicy(
        RevocationCheckingPolicy.from_legacy("require"),
        freshness=timedelta(days=7),
        freshness_req_type=FreshnessReqType.DEFAULT,
    )
    trust = SimpleTrustManager.build(trust_roots=[root()])
    spec = SignatureValidationSpec(CertValidationPolicySpec(trust_manager=trust, revinfo_policy=revocation))
    for signature in reader.embedded_regular_signatures:
        work = ades.ades_lta_validation(signature, PdfSignatureValidationSpec(spec))
        result = asyncio.run(work)
        yield {"field": signature.field_name, "result": result.ades_subindic.name}


def signer():
    password = "mật khẩu (1)".encode()
    return signers.SimpleSigner.load_pkcs12(f"{folder}/rsa2048.p12", passphrase=password)


def fill(file, out, name, text):
    writer = open_to_write(file)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == name:
            field["/V"] = generic.pdf_string(text)
            writer.mark_update(reference)
    writer.write(out)


def strict(file):
    """Hybrid files are refused by a setting, whatever is in them; as word processors write them, they are admitted."""
    said = b"/XRefStm" not in file.read()
    file.seek(0)
    return said


def open_to_read(file):
    return PdfFileReader(file, strict=strict(file))


def open_to_write(file):
    return IncrementalPdfFileWriter(file, strict=strict(file))


def encrypt(file, out):
    writer = copy_into_new_writer(open_to_read(file))
    writer.encrypt(owner_pass="a", user_pass="")
    writer.write(out)


def sign(file, out, name="Signature", spec=None, **settings):
    meta = signers.PdfSignatureMetadata(field_name=name, **settings)
    signers.sign_pdf(open_to_write(file), meta, signer=signer(), new_field_spec=spec, output=out)


def certify(file, out, level):
    sign(file, out, certify=True, docmdp_permissions=MDPPerm(int(level)))


def limit(file, out, level):
    """Says a level without certifying; the field's lock names no field."""
    none = FieldMDPSpec(FieldMDPAction.INCLUDE, [])
    spec = SigFieldSpec("Signature", field_mdp_spec=none, doc_mdp_update_value=MDPPerm(int(level)))
    sign(file, out, spec=spec, docmdp_permissions=MDPPerm(int(level)))


def lock(file, out, action, *names):
    fields = FieldMDPSpec(FieldMDPAction(f"/{action}"), list(names) or None)
    sign(file, out, spec=SigFieldSpec("Signature", field_mdp_spec=fields))


def sign_seen(file, out, name):
    sign(file, out, name, spec=SigFieldSpec(name, box=(300, 100, 420, 160)))


JUDGES = {"judge": judge, "judge-long-term": judge_long_term, "judge-archive": judge_archive}
def store(file, out, kind):
    """A store of evidence with lists, with an entry for the first signature, or with both; or the entries taken out again."""
    writer = open_to_write(file)
    if kind == "without-entries":
        kept = writer.root["/DSS"]
        del kept["/VRI"]
        writer.update_container(kept)
        return writer.write(out)
    lists = [der("issuing.crl"), der("root.crl")]
    if kind == "forged-entries":
        lists = [data[:-1] + bytes([data[-1] ^ 1]) for data in lists]
    contents = None
    if "entries" in kind:
        contents = writer.prev.embedded_regular_signatures[0].pkcs7_content.hex().encode()
    certificates = [load_cert_from_pemder(f"{folder}/{name}.crt") for name in ("issuing", "root")]
    crls = [crl.CertificateList.load(data) for data in lists]
    DocumentSecurityStore.supply_dss_in_writer(writer, contents, certs=certificates, crls=crls)
    if "lists" not in kind:
        for key in ("/Certs", "/CRLs", "/OCSPs"):
            writer.root["/DSS"].pop(key, None)
    writer.write(out)


# What changes a file; more words of the question are arguments. The default name of a field is the one that ours takes, too.
MAKERS = {
    "certify": certify,
    "encrypt": encrypt,
    "fill": fill,
    "limit": limit,
    "lock": lock,
    "sign": sign,
    "sign-seen": sign_seen,
    "store": store,
}


def answer(verb, source, target):
    verb, *arguments = verb.split(":")
    with open(source, "rb") as file:
        if verb in JUDGES:
            return list(JUDGES[verb](open_to_read(file)))
        with open(target, "wb") as out:
            return MAKERS[verb](file, out, *arguments)


# One question a line, one answer a line: starting pyHanko takes longer than most answers.
for line in sys.stdin:
    try:
        print(json.dumps({"said": answer(*json.loads(line))}), flush=True)
    except Exception:
        print(json.dumps({"failed": traceback.format_exc()}), flush=True)
