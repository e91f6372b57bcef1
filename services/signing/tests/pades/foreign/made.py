"""Writes files to the structure of programs that cannot be had here: `made.py FOLDER`, with the scan of `scan.py` in it.

`like-word` and `like-print-to-pdf` are built as files of Microsoft's programs are; the text, fonts and numbers are our own.
`like-scanner-…` each have one peculiarity that files of scanners and copiers have. `bad-…` are beyond what we sign.
"""

import pathlib
import struct
import sys
import zlib

FOLDER = pathlib.Path(sys.argv[1])
JPEG = FOLDER / "grey.jpg"
WIDTH, HEIGHT = 827, 1169
# Draws the picture over the whole page.
PLACE = b"q 595.44 0 0 841.68 0 0 cm /Im0 Do Q"


def stream(entries, data, end=b"\nendstream"):
    return b"<</Length %d%s>>\nstream\n" % (len(data), entries) + data + end


def scan(rotate=b"", image=None):
    """Catalog, pages, page, content, image, information: what a scanner writes."""
    picture = image or stream(b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray"
                              b"/Filter/DCTDecode" % (WIDTH, HEIGHT), JPEG.read_bytes())
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595.44 841.68]%s>>" % rotate,
        3: b"<</Type/Page/Parent 2 0 R/Contents[4 0 R]/Resources<</ProcSet[/PDF/ImageB]/XObject<</Im0 5 0 R>>>>>>",
        4: stream(b"", PLACE),
        5: picture,
        6: b"<</Producer(Office Scanner 7)/CreationDate(D:20260102030405)>>",
    }


def write(objects, head=b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", eol=b"\n", row=b" \n", tail=b"\n", first=0, info=True, more=b"",
          shift=0, start=0, join=b"\n"):
    """A file with one table. `row` ends its rows, `tail` the file; `shift` moves what the table says, `start` startxref."""
    out, places = bytearray(head), {}
    for number, text in objects.items():
        places[number] = len(out) + shift
        out += b"%d 0 obj" % number + eol + text + join + b"endobj" + eol
    at, size = len(out), max(objects) + 1
    out += b"xref" + eol + b"%d %d" % (first, size) + eol + b"0000000000 65535 f" + row
    for number in range(1, size):
        out += b"%010d 00000 n" % places[number] + row
    known = b"/Info 6 0 R/ID[<0011><0011>]" if info else b""
    out += b"trailer" + eol + b"<</Size %d/Root 1 0 R%s%s>>" % (size, known, more) + eol
    return bytes(out + b"startxref" + eol + b"%d" % (at + shift + start) + eol + b"%%EOF" + tail)


def put(name, data):
    (FOLDER / f"{name}.pdf").write_bytes(data)


def small():
    """A scan of few bytes, for what differs elsewhere."""
    white = zlib.compress(b"\xff" * 128 * 181)
    image = stream(b"/Type/XObject/Subtype/Image/Width 128/Height 181/BitsPerComponent 8/ColorSpace/DeviceGray"
                   b"/Filter/FlateDecode", white)
    return scan(image=image)


def jbig2():
    """The black sheet as JBIG2: one generic region, coded as a fax is (MMR, ITU-T T.88, 6.2.6)."""
    from PIL import Image

    with Image.open(FOLDER / "black.tif") as sheet:
        place, length = sheet.tag_v2[273][0], sheet.tag_v2[279][0]
        order, white = sheet.tag_v2.get(266, 1), sheet.tag_v2[262]
    assert order == 1, "bits in the order of JBIG2"
    fax = (FOLDER / "black.tif").read_bytes()[place:place + length]
    region = struct.pack(">IIIIBB", WIDTH, HEIGHT, 0, 0, 0, 1) + fax
    page = struct.pack(">IIIIBH", WIDTH, HEIGHT, 0, 0, 0, 0)
    segment = lambda number, kind, data: struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data  # noqa: E731
    data = segment(0, 48, page) + segment(1, 38, region)
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode"
    # Of the two ways to say what is black, the picture's is kept.
    decode = b"/Decode[1 0]" if white == 1 else b""
    return scan(image=stream(entries % (WIDTH, HEIGHT) + decode, data))


def scanners():
    put("like-scanner-jpeg", write(scan(), info=False))
    put("like-scanner-jbig2", write(jbig2()))
    put("like-scanner-turned", write({**small(), **{2: scan(b"/Rotate 270/CropBox[10 10 580 830]")[2]}}))
    put("like-scanner-short-rows", write(small(), row=b"\n"))
    put("like-scanner-cr", write(small(), head=b"%PDF-1.4\r%\xe2\xe3\xcf\xd3\r", eol=b"\r", row=b" \r", tail=b"\r"))
    put("like-scanner-cr-short-rows", write(small(), head=b"%PDF-1.3\r", eol=b"\r", row=b"\r", tail=b"\r"))
    put("like-scanner-crlf", write(small(), head=b"%PDF-1.4\r\n", eol=b"\r\n", row=b"\r\n", tail=b"\r\n\r\n", join=b"\r\n"))
    put("like-scanner-header-text", write(small(), head=b"%PDF-1.4 \xe2\xe3\xcf\xd3\n"))
    put("like-scanner-header-words", write(small(), head=b"%PDF-1.4 (Office Scanner 7)\n%\xe2\xe3\xcf\xd3\n"))
    put("like-scanner-no-comment", write(small(), head=b"%PDF-1.4\n", info=False, tail=b""))
    put("like-scanner-zeros-behind", write(small(), tail=b"\n" + b"\0" * 512))
    put("like-scanner-job-behind", write(small(), tail=b"\r\n\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X"))
    lengths = {**small(), 7: b"%d" % len(PLACE)}
    lengths[4] = lengths[4].replace(b"%d" % len(PLACE), b"7 0 R", 1)
    put("like-scanner-length-behind", write(lengths))
    tight = {number: text.replace(b"\nendstream", b"endstream") for number, text in small().items()}
    put("like-scanner-tight", write(tight, join=b" "))
    put("like-scanner-version", write({**small(), 1: b"<</Type/Catalog/Version/1.7/Pages 2 0 R>>"}, head=b"%PDF-1.1\n"))


def bad():
    put("bad-job-before", write(small(), head=b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.4\n"))
    job = b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n"
    put("bad-job-before-uncounted", write(small(), head=job + b"%PDF-1.4\n", shift=-len(job)))
    put("bad-table-from-1", write(small(), first=1))
    put("bad-startxref-off", write(small(), start=-1))
    put("bad-table-off", write(small(), shift=2))
    long = small()
    long[4] = long[4].replace(b"/Length ", b"/Length 1")
    put("bad-length", write(long))
    put("bad-stream-cr", write({n: t.replace(b"stream\n", b"stream\r", 1) for n, t in small().items()}))
    put("bad-far-behind", write(small(), tail=b"\n" + b"\0" * 4096))


def word():
    """As Word saves PDF: tagged, plain objects, what nobody needs to show it in an object stream; then a cross-reference
    stream, a table that calls the packed objects free, and behind its %%EOF an empty second table that points to both."""
    eol = b"\r\n"
    text = b"/P <</MCID 0>> BDC q BT /F1 14 Tf 1 0 0 1 72 760 Tm (QUYET DINH) Tj ET Q EMC"
    plain = {
        1: b"<</Type/Catalog/Pages 2 0 R/Lang(vi-VN) /StructTreeRoot 8 0 R/MarkInfo<</Marked true>>/Metadata 13 0 R"
           b"/ViewerPreferences 14 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[ 3 0 R] >>",
        3: b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>/ProcSet[/PDF/Text/ImageB/ImageC/ImageI] >>"
           b"/MediaBox[ 0 0 595.32 841.92] /Contents 4 0 R/Group<</Type/Group/S/Transparency/CS/DeviceRGB>>/Tabs/S"
           b"/StructParents 0>>",
        4: b"<</Filter/FlateDecode/Length %d>>\r\nstream\r\n%s\r\nendstream" % (len(zlib.compress(text)), zlib.compress(text)),
        5: b"<</Type/Font/Subtype/TrueType/Name/F1/BaseFont/TimesNewRoman/Encoding/WinAnsiEncoding/FontDescriptor 6 0 R"
           b"/FirstChar 32/LastChar 33/Widths 12 0 R>>",
        6: b"<</Type/FontDescriptor/FontName/TimesNewRoman/Flags 32/ItalicAngle 0/Ascent 891/Descent -216/CapHeight 693"
           b"/AvgWidth 401/MaxWidth 2614/FontWeight 400/XHeight 250/Leading 42/StemV 40/FontBBox[ -568 -216 2046 693] >>",
        7: b"<</Title<FEFF0051007500791EBF0074>/Creator(like Word)/CreationDate(D:20260102030405+07'00')>>",
    }
    packed = {
        8: b"<</Type/StructTreeRoot/K 9 0 R/ParentTree 10 0 R/ParentTreeNextKey 1>>",
        9: b"<</P 8 0 R/S/Document/Type/StructElem/K[ 15 0 R] >>",
        10: b"<</Nums[ 0 16 0 R] >>",
        15: b"<</P 9 0 R/S/P/Type/StructElem/K[ 0] /Pg 3 0 R>>",
        16: b"[ 15 0 R] ",
    }
    heads, body = b"", b""
    for number, said in packed.items():
        heads += b"%d %d " % (number, len(body))
        body += said + b" "
    data = zlib.compress(heads + body)
    metadata = (b"<?xpacket begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                b"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\""
                b" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"><pdf:Producer>like Word</pdf:Producer></rdf:Description>"
                b"</rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>")
    plain[11] = (b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\r\nstream\r\n%s\r\nendstream"
                 % (len(packed), len(heads), len(data), data))
    plain[12] = b"[ 250 333] "
    plain[13] = b"<</Type/Metadata/Subtype/XML/Length %d>>\r\nstream\r\n%s\r\nendstream" % (len(metadata), metadata)
    plain[14] = b"<</DisplayDocTitle true>>"
    out, places = bytearray(b"%PDF-1.7\r\n%\xb5\xb5\xb5\xb5\r\n"), {}
    for number in sorted(plain):
        places[number] = len(out)
        out += b"%d 0 obj\r\n" % number + plain[number] + b"\r\nendobj\r\n"
    size, own = 18, len(out)
    rows = [struct.pack(">BIB", 0, 0, 255)]
    for number in range(1, size):
        if number in packed:
            rows.append(struct.pack(">BIB", 2, 11, list(packed).index(number)))
        else:
            rows.append(struct.pack(">BIB", 1, places.get(number, own), 0))
    table = zlib.compress(b"".join(rows))
    ends = b"/Root 1 0 R/Info 7 0 R/ID[<5B2C><5B2C>] "
    out += (b"17 0 obj\r\n<</Type/XRef/Size %d/W[ 1 4 1] %s/Filter/FlateDecode/Length %d>>\r\nstream\r\n%s\r\nendstream\r\nendobj\r\n"
            % (size, ends, len(table), table))
    first = len(out)
    # The free ones point to each other, packed ones among them, as Word lists them.
    free = [0, *packed]
    out += b"xref\r\n0 %d\r\n" % size
    places[17] = own
    for number in range(size):
        if number in free:
            following = free[(free.index(number) + 1) % len(free)]
            out += b"%010d 65535 f\r\n" % following
        else:
            out += b"%010d 00000 n\r\n" % places[number]
    out += b"trailer\r\n<</Size %d%s>>\r\nstartxref\r\n%d\r\n%%%%EOF\r\n" % (size, ends, first)
    second = len(out)
    out += (b"xref\r\n0 0\r\ntrailer\r\n<</Size %d%s/Prev %d/XRefStm %d>>\r\nstartxref\r\n%d\r\n%%%%EOF"
            % (size, ends, first, own, second))
    put("like-word", bytes(out))


def print_to_pdf():
    """As the printer «Microsoft Print to PDF» writes: objects over many lines, in no order, the table's last; no /ID."""
    text = zlib.compress(b"q\n0 0 595.2 841.92 re\nW n\nBT\n/F7 14 Tf\n72 760 Td\n(QUYET DINH) Tj\nET\nQ\n")
    objects = {
        4: b"(Identity)",
        5: b"(Adobe)",
        7: b"<<\n/Type /Font\n/Subtype /Type1\n/BaseFont /Times-Roman\n>>",
        8: b"<<\n/Filter /FlateDecode\n/Length %d\n>>\nstream\n%s\nendstream" % (len(text), text),
        6: b"<<\n/Type /Page\n/Contents 8 0 R\n/CropBox [ 0 0 595.2 841.92 ]\n/MediaBox [ 0 0 595.2 841.92 ]\n/Parent 3 0 R\n"
           b"/Resources\n<<\n/Font\n<<\n/F7 7 0 R\n>>\n>>\n/Rotate 0\n>>",
        1: b"<<\n/Author (Van phong)\n/CreationDate (D:20260102030405+07'00')\n/ModDate (D:20260102030405+07'00')\n"
           b"/Producer (like Print To PDF)\n/Title (Quyet dinh)\n>>",
        2: b"<<\n/Pages 3 0 R\n/Type /Catalog\n>>",
        3: b"<<\n/Count 1\n/Kids [ 6 0 R ]\n/Type /Pages\n>>",
    }
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, said in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + said + b"\nendobj\n"
    at = len(out)
    out += b"xref\n0 9\n0000000000 65535 f\r\n" + b"".join(b"%010d 00000 n\r\n" % places[n] for n in range(1, 9))
    put("like-print-to-pdf", bytes(out + b"trailer\n<<\n/Info 1 0 R\n/Root 2 0 R\n/Size 9\n>>\nstartxref\n%d\n%%%%EOF\n" % at))


scanners()
bad()
word()
print_to_pdf()
