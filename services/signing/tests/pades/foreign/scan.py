"""Draws the sheet of paper that is scanned: `scan.py FOLDER`. A4 at 100 dots an inch, upright and lying, grey and black-white."""

import pathlib
import sys

from PIL import Image, ImageDraw, ImageFont

folder = pathlib.Path(sys.argv[1])
sheet = Image.new("L", (827, 1169), 250)
draw = ImageDraw.Draw(sheet)
draw.text((90, 90), "UY BAN NHAN DAN XA TAN PHU", fill=20, font=ImageFont.load_default(26))
draw.text((90, 160), "So: 12/QD-UBND", fill=20, font=ImageFont.load_default(22))
for line in range(12):
    draw.text((90, 240 + 40 * line), "Can cu Luat To chuc chinh quyen dia phuong", fill=40, font=ImageFont.load_default(20))
sheet.save(folder / "grey.jpg", quality=40, dpi=(100, 100))
lying = sheet.transpose(Image.Transpose.ROTATE_90)
lying.save(folder / "lying.jpg", quality=40, dpi=(100, 100))
sheet.convert("RGB").save(folder / "colour.jpg", quality=30, dpi=(100, 100))
black = sheet.point(lambda grey: 255 if grey > 128 else 0).convert("1")
black.save(folder / "black.tif", compression="group4", strip_size=1 << 20, dpi=(100, 100))
black.save(folder / "black.png", dpi=(100, 100))
