"""What pyHanko says of files, and files as others make them. Argument: the folder of certificates.

Each line on standard input is a verb, a file to read and a file to write; each line of the output is the answer.
"""

import asyncio
import json
import logging
import sys
import traceback
from datetime import timedelta

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


def overwrite_number(file, out):
    writer = IncrementalPdfFileWriter(file)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == "DocumentNumber":
            field["/V"] = generic.pdf_string("99/QD-UBND")
            writer.mark_update(reference)
    writer.write(out)


def make(verb, file, target):
    with open(target, "wb") as out:
        if verb == "overwrite-number":
            overwrite_number(file, out)
            return
        if verb == "encrypt":
            writer = copy_into_new_writer(PdfFileReader(file))
            writer.encrypt(owner_pass="a", user_pass="")
            writer.write(out)
            return
        certify = {"certify": True, "docmdp_permissions": MDPPerm.NO_CHANGES} if verb == "lock" else {}
        # The name that ours would take as well.
        meta = signers.PdfSignatureMetadata(field_name="Signature", **certify)
        spec = None
        if verb == "lock-fields":
            spec = SigFieldSpec("Signature", field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL))
        signers.sign_pdf(IncrementalPdfFileWriter(file), meta, signer=signer(), new_field_spec=spec, output=out)


JUDGES = {"judge": judge, "judge-long-term": judge_long_term, "judge-archive": judge_archive}
MAKERS = ("sign", "lock", "lock-fields", "encrypt", "overwrite-number")


def answer(verb, source, target):
    with open(source, "rb") as file:
        if verb in JUDGES:
            return list(JUDGES[verb](PdfFileReader(file)))
        if verb in MAKERS:
            return make(verb, file, target)
    raise ValueError(f"no such verb: {verb}")


# One question a line, one answer a line: starting pyHanko takes longer than most answers.
for line in sys.stdin:
    try:
        print(json.dumps({"said": answer(*json.loads(line))}), flush=True)
    except Exception:
        print(json.dumps({"failed": traceback.format_exc()}), flush=True)
