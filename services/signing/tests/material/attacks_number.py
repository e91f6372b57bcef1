"""Number and date written after the person's signature: as our own signer writes them, and in every way that it does not."""

import re

from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec

import pki
from forge import body, hand_update, next_number, page_objects, pdf, sign, stamper, stream, update
from legitimate import LEFT, RIGHT, SEAL, document_stamp
from made import add

NUMBER, DATE, AGAIN = 8, 9, 10
INK = b"/Tx BMC /Ink gs /Picture Do EMC"
FORM = b"/Type /XObject /Subtype /Form "
CANNOT = "a person must look at what this verifier cannot judge"


def text(words):
    return b"<%s>" % ("\ufeff" + words).encode("utf-16-be").hex().upper().encode()


def place(name, rect, empty=11):
    return (b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (%s) /Ff 1 /F 132 /P 3 0 R /Rect [%s] /DA (/TiRo 0 Tf 0 g) "
            b"/AP << /N %d 0 R >> >>" % (name, rect, empty))


def places(**change):
    """A page with places for number and date, and for the number once more."""
    more = {NUMBER: place(b"DocumentNumber", b"80 720 200 740"), DATE: place(b"DocumentDate", b"330 720 530 740"),
            AGAIN: place(b"DocumentNumber-2", b"80 640 200 660"), 11: stream(b"/Tx BMC EMC", FORM + b"/BBox [0 0 120 20] ")}
    more.update({int(number[1:]): change[number] for number in change})
    return page_objects(form=b"<< /Fields [8 0 R 9 0 R 10 0 R] >>", page=b"/Annots [8 0 R 9 0 R 10 0 R] ", more=more)


def ink(picture, content=INK, box=b"0 0 120 20", state=b"<< /Type /ExtGState /BM /Multiply >>", more=b""):
    return stream(content, FORM + b"/FormType 1 /BBox [%s] /Resources << /ExtGState << /Ink %s >> /XObject << /Picture %d 0 R >> >> %s"
                  % (box, state, picture, more))


def drawn(words=b"(12/QD-UBND)", group=b"/Group << /S /Transparency /I true >> "):
    return stream(b"BT /F1 12 Tf 4 5 Td %s Tj ET" % words, FORM + b"/BBox [0 0 120 20] /Resources << /Font << /F1 5 0 R >> >> " + group)


def filled(data, numbers=("12/QĐ-UBND", "12/QĐ-UBND"), date="ngày 20 tháng 11 năm 2026", change=lambda field: field,
           picture=None, **how):
    """The objects of an update that fills the places; `None` leaves one empty."""
    first = next_number(data)
    objects = {first: picture or drawn(), first + 1: ink(first, **how)}
    for number, words in ((NUMBER, numbers[0]), (AGAIN, numbers[1]), (DATE, date)):
        if words is not None:
            field = re.sub(rb"/AP << /N \d+ 0 R >>", b"/AP << /N %d 0 R >>" % (first + 1), body(data, number))
            field = re.sub(rb" /V <[0-9A-F]*>", b"", field)
            objects[number] = change(field[:-2] + b"/V %s >>" % text(words))
    return objects


def fill(data, **how):
    return update(data, filled(data, **how))


def seal(data, who=None, field="Dau", locks=False, box=SEAL):
    spec = None
    if locks:
        names = ["DocumentNumber", "DocumentDate", "DocumentNumber-2"]
        spec = SigFieldSpec(field, on_page=0, box=box, field_mdp_spec=FieldMDPSpec(FieldMDPAction.INCLUDE, names))
    return sign(data, who or pki.office, field=field, box=box, spec=spec, tsa=stamper())


def make():
    signed = sign(pdf(places()), pki.an, box=LEFT, tsa=stamper())
    add("number-reserved", "places for number and date, still empty", signed, "valid")
    add("number-sealed", "number and date in an update of their own, then the seal", seal(fill(signed)), "valid")
    add("number-sealed-locked", "the same, and the seal locks them", seal(fill(signed), locks=True), "valid")
    add("number-with-seal", "number and date in the update of the seal", with_seal(signed), "valid")
    add("number-before", "number and date before the first signature", sign(fill(pdf(places())), pki.an, box=LEFT), "valid")
    add("number-unsealed", "number and date, and nobody signs them", fill(signed), "look",
        why="nobody vouches for them yet")
    add("number-stamped", "number and date, and only a timestamp over the document", document_stamp(fill(signed)), "look",
        why="anybody can have a file stamped; nobody vouches for them")
    add("number-sealed-revoked", "number and date, sealed with a revoked certificate", seal(fill(signed), pki.revoked), "invalid")
    twice(signed)
    shown(signed)
    said(signed)
    reserved()
    other_ways(signed)


def with_seal(data):
    objects = filled(data)
    field, value = max(objects) + 1, max(objects) + 2
    page, form = body(data, 3), body(data, 7)
    lists = {3: re.sub(rb"/Annots \[(.*?)\]", rb"/Annots [\g<1> %d 0 R]" % field, page),
             7: re.sub(rb"/Fields \[(.*?)\]", rb"/Fields [\g<1> %d 0 R]" % field, form)}
    own = {field: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Dau) /F 132 /P 3 0 R /Rect [0 0 0 0] /V %d 0 R >>" % value}
    return hand_update(data, {**objects, **lists, **own}, value, pki.office)


def twice(signed):
    sealed, locked = seal(fill(signed)), seal(fill(signed), locks=True)
    other = dict(numbers=("99/QĐ-UBND", "99/QĐ-UBND"), date=None)
    once = "number and date are written once"
    add("number-twice", "another number before the seal", seal(fill(fill(signed), **other)), "invalid", why=once)
    add("number-after-seal", "another number after the seal", fill(sealed, **other), "invalid", why=once)
    add("number-after-lock", "another number after a seal that locks it", fill(locked, **other), "invalid")
    add("number-again", "another number and another seal", seal(fill(sealed, **other), pki.binh, "Dau2", box=RIGHT), "invalid", why=once)
    late = fill(seal(signed))
    add("number-late", "sealed without a number, then numbered", late, "look", why="nobody vouches for them")
    add("number-late-lock", "the same after a seal that locks the places", fill(seal(signed, locks=True)), "invalid")
    add("number-late-signed", "sealed without a number, numbered, then signed by another person", seal(late, pki.binh, "Ky3", box=RIGHT), "valid",
        why="the third signature vouches for it: whoever reads a number must ask whose it is")
    add("number-emptied", "the number taken out after the seal",
        update(sealed, {NUMBER: re.sub(rb" ?/V <[0-9A-F]*>", b"", body(sealed, NUMBER))}), "invalid",
        why="what was vouched for is gone")
    add("number-redrawn", "another picture of the number after the seal, the value kept",
        update(sealed, {NUMBER: re.sub(rb"/N \d+ 0 R", b"/N %d 0 R" % next_number(sealed), body(sealed, NUMBER)),
                        next_number(sealed): drawn(b"(99/QD-UBND)")}), "invalid", why="only what was empty may be filled in")
    half = seal(fill(signed, numbers=("12/QĐ-UBND", None)))
    add("number-half", "one place left empty by the seal, filled by nobody's signature",
        update(half, {AGAIN: filled(half)[AGAIN], **{n: b for n, b in filled(half).items() if n > 20}}), "look",
        why="nobody vouches for it")


def shown(signed):
    """Pictures of another form, and fields that leave their place. The seal is there, so only the form is at fault."""
    def tried(name, what, expect="look", why=CANNOT, **how):
        add(name, what, seal(fill(signed, **how)), expect, why=why)

    tried("number-opaque", "a picture that covers what is below",
          content=b"q 1 g 0 0 120 20 re f Q /Picture Do ")
    tried("number-normal", "ink that does not multiply", state=b"<< /Type /ExtGState /BM /Normal >>")
    tried("number-lightens", "ink that lightens", state=b"<< /Type /ExtGState /BM /Screen >>")
    tried("number-masked", "ink with a mask", state=b"<< /Type /ExtGState /BM /Multiply /SMask /None >>")
    tried("number-no-group", "a picture that can choose how it is blended", picture=drawn(group=b""))
    tried("number-open-group", "a picture whose group is not isolated",
          picture=drawn(group=b"/Group << /S /Transparency >> "))
    tried("number-flat-box", "a picture without height, which programs scale differently", box=b"0 0 120 0")
    tried("number-matrix", "a picture with a matrix of its own", more=b"/Matrix [9 0 0 9 0 0] ")
    tried("number-layer", "a picture in a layer", more=b"/OC << /Type /OCG /Name (Lop) >> ")
    tried("number-rollover", "another picture under the pointer",
          change=lambda field: field.replace(b"/AP << /N", b"/AP << /R 11 0 R /N"))
    tried("number-no-zoom", "the field no longer scales with the page", "invalid", "a field's flags stay",
          change=lambda field: field.replace(b"/F 132", b"/F 140"))
    tried("number-writable", "the field is no longer read-only", "invalid", "a field's flags stay",
          change=lambda field: field.replace(b"/Ff 1", b"/Ff 0"))
    tried("number-wide", "the field is larger than the place", "invalid", "",
          change=lambda field: re.sub(rb"/Rect \[\d+ \d+ \d+", b"/Rect [80 600 530", field))
    tried("number-moved-page", "the field says that it is on another page", "invalid", "",
          change=lambda field: field.replace(b"/P 3 0 R", b"/P 2 0 R"))
    first = next_number(signed)
    shared = filled(signed)
    shared[NUMBER] = re.sub(rb"/N \d+ 0 R", b"/N 4 0 R", shared[NUMBER])
    add("number-shows-page", "the field shows the page's own content", seal(update(signed, shared)), "look", why=CANNOT)
    assert first in shared
    half = (80, 720, 140, 740)
    add("number-covered", "a later signature covers half of the number", seal(seal(fill(signed)), pki.binh, "Che", box=half), "look",
        why="nothing has a reason to cover the number")


def said(signed):
    def tried(name, what, expect="look", why=CANNOT, **how):
        add(name, what, seal(fill(signed, **how)), expect, why=why)

    tried("number-differs", "two places for the number with two numbers", "invalid", "which of the two counts must not be a question",
          numbers=("12/QĐ-UBND", "99/QĐ-UBND"))
    tried("number-other-value", "the value is another one than the picture shows", "valid",
          "cannot be seen in the file: the seal vouches for both, and the report quotes the value for whoever looks at the page",
          picture=drawn(b"(99/QD-UBND)"))
    tried("number-invisible-letters", "a number with letters that turn its direction", numbers=("12/QĐ\u202eDNBU", "12/QĐ\u202eDNBU"))
    tried("number-long", "a number as long as a page", numbers=("9" * 900, "9" * 900))
    tried("number-no-date", "a date that is none", date="ngày 31 tháng 02 năm 2026")
    tried("number-date-words", "a date in other words", date="hôm nay")
    objects = filled(signed)
    objects[NUMBER] = re.sub(rb"/V <[0-9A-F]*>", b"/V 3 0 R", objects[NUMBER])
    add("number-value-is-page", "the value is the page", seal(update(signed, objects)), "invalid", why="a number is a text")


def reserved():
    """Places that were there before the person signed, and are not what they should be."""
    def tried(name, what, objects, why=CANNOT):
        add(name, what, seal(fill(sign(pdf(objects), pki.an, box=LEFT, tsa=stamper()))), "look", why=why)

    large = place(b"DocumentNumber", b"20 200 570 800")
    tried("place-large", "a place over the whole page", places(n8=large))
    tried("place-open", "a place that is not read-only", places(n8=place(b"DocumentNumber", b"80 720 200 740").replace(b"/Ff 1", b"/Ff 0")))
    tried("place-lines", "a place of several lines", places(n8=place(b"DocumentNumber", b"80 720 200 740").replace(b"/Ff 1", b"/Ff 4097")))
    tried("place-fixed", "a place that does not scale with the page",
          places(n8=place(b"DocumentNumber", b"80 720 200 740").replace(b"/F 132", b"/F 12")))
    tried("place-acts", "a place with an action",
          places(n8=place(b"DocumentNumber", b"80 720 200 740")[:-2] + b"/A << /S /URI /URI (http://gia.vn) >> >>"))
    tried("place-named", "a place with a name of its own", places(n8=place(b"Amount", b"80 720 200 740")))
    objects = places()
    objects[3] = objects[3].replace(b"/Annots [", b"/Annots [8 0 R ")
    tried("place-twice", "a place that is on the page twice", objects)
    objects = places()
    objects[8] = place(b"DocumentNumber", b"330 722 530 738")
    tried("place-over", "two places over each other", objects, "one hides the other")
    signed = sign(pdf(page_objects()), pki.an, box=LEFT)
    number = next_number(signed)
    form, page = body(signed, 7), body(signed, 3)
    lists = {7: re.sub(rb"/Fields \[(.*?)\]", rb"/Fields [\g<1> %d 0 R]" % number, form),
             3: re.sub(rb"/Annots \[(.*?)\]", rb"/Annots [\g<1> %d 0 R]" % number, page)}
    empty = stream(b"/Tx BMC EMC", FORM + b"/BBox [0 0 120 20] ")
    own = {number: place(b"DocumentNumber", b"80 720 200 740", number + 1), number + 1: empty}
    add("place-added", "a place made after the signature", update(signed, {**lists, **own}), "invalid")


def other_ways(signed):
    """Number and date shown by the agency's signature itself."""
    data = sign(pdf(page_objects()), pki.an, box=LEFT, tsa=stamper())
    first = next_number(data)
    field, value, seen, number, picture = range(first, first + 5)
    widget = b"<< /Type /Annot /Subtype /Widget /Parent %d 0 R /F 132 /P 3 0 R /Rect [%s] /AP << /N %d 0 R >> >>"
    objects = {
        3: re.sub(rb"/Annots \[(.*?)\]", rb"/Annots [\g<1> %d 0 R %d 0 R]" % (seen, number), body(data, 3)),
        7: re.sub(rb"/Fields \[(.*?)\]", rb"/Fields [\g<1> %d 0 R]" % field, body(data, 7)),
        field: b"<< /FT /Sig /T (Dau) /V %d 0 R /Kids [%d 0 R %d 0 R] >>" % (value, seen, number),
        seen: widget % (field, b"200 90 320 170", picture), number: widget % (field, b"80 720 200 740", picture), picture: drawn()}
    add("number-second-widget", "the seal's field shows the number with a second picture",
        hand_update(data, objects, value, pki.office), "look",
        why="a signature is seen in one place; where it is seen says what it signs")
    add("number-large-seal", "the seal's picture reaches from the number to the seal",
        seal(data, box=(60, 90, 540, 780)), "look", why="the picture hides the page")
