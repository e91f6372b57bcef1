#!/bin/sh
# Makes the files of other programs anew: `make.sh FOLDER`. Needs LibreOffice, qpdf, img2pdf, tiff2pdf, Ghostscript and OCRmyPDF,
# and in PYTHON one with Pillow. Not part of the tests: what it made is committed, and other versions of the programs write
# other bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

office() { # source, target, settings of the export
    soffice --headless "-env:UserInstallation=file://$work/profile" --convert-to "pdf:writer_pdf_Export:$3" \
        --outdir "$work" "$here/$1.fodt" >log 2>&1
    mv "$1.pdf" "$to/$2.pdf"
}

setting() { printf '{"%s":{"type":"%s","value":"%s"}}' "$1" "$2" "$3"; }

office page libreoffice '{}'
office page libreoffice-tagged "$(setting PDFUACompliance boolean true)"
office page libreoffice-pdfa "$(setting SelectPdfVersion long 2)"
office form libreoffice-form "$(setting ExportFormFields boolean true)"

qpdf --object-streams=generate "$to/libreoffice.pdf" "$to/qpdf-streams.pdf"
qpdf --linearize --object-streams=disable "$to/libreoffice.pdf" "$to/qpdf-linearized.pdf"
qpdf --linearize --object-streams=generate "$to/libreoffice-tagged.pdf" "$to/qpdf-linearized-streams.pdf"

"${PYTHON:-python3}" "$here/scan.py" .
img2pdf grey.jpg -o "$to/scan-img2pdf.pdf"
img2pdf --engine=internal --rotation=90 lying.jpg -o "$to/scan-img2pdf-turned.pdf"
tiff2pdf -o "$to/scan-tiff2pdf.pdf" black.tif
gs -q -sDEVICE=pdfwrite -o "$to/scan-ghostscript.pdf" --permit-file-read=colour.jpg viewjpeg.ps -c '(colour.jpg) viewJPEG showpage'
ocrmypdf -q --image-dpi 100 --output-type pdf black.png "$to/scan-ocrmypdf.pdf"
ocrmypdf -q --output-type pdfa "$to/scan-tiff2pdf.pdf" "$to/scan-ocrmypdf-pdfa.pdf"
