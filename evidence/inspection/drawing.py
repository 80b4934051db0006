"""python -m evidence.inspection.drawing FILE TYPE PAGE PARENT: draw a page (from 1), as a JPEG on standard output.

PARENT is the number of the process that wants it. The file was judged before. Its pixels are drawn anew: nothing else
of it, metadata included, goes into the picture.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.inspection.files import PDF
from evidence.inspection.limits import confine

if TYPE_CHECKING:
    from PIL import Image

# One page. Far more than any page takes, and less than a job is waited for without a sign of life.
MAX_SECONDS = 20
# Wide enough to read an A4 page; a page may be as tall as three screens, and no taller.
MAX_WIDTH, MAX_HEIGHT = 1_200, 3_600
QUALITY = 80


def main(path: str, media_type: str, page: str, parent: str) -> None:
    confine(MAX_SECONDS, int(parent))
    picture = _page(Path(path), int(page)) if media_type == PDF else _picture(Path(path))
    picture.save(sys.stdout.buffer, "JPEG", quality=QUALITY)


def _page(path: Path, number: int) -> "Image.Image":
    # Read once the limits hold: this loads the library that draws.
    from evidence.inspection import pdfium  # noqa: PLC0415

    with pdfium.opened(path) as document:
        page = document[number - 1]
        width, height = page.get_size()
        # A page may be two hundred inches wide (14,400 points), or as narrow as a line.
        scale = min(MAX_WIDTH / max(width, 1), MAX_HEIGHT / max(height, 1))
        drawn: Image.Image = page.render(scale=scale).to_pil()
        return _bare(drawn)


def _picture(path: Path) -> "Image.Image":
    from PIL import Image, ImageOps  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None  # its pixels were counted when it was judged
    with Image.open(path, formats=["PNG", "JPEG", "MPO"]) as image:
        image.draft("RGB", (MAX_WIDTH, MAX_HEIGHT))
        # A telephone says on which side it was held.
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((MAX_WIDTH, MAX_HEIGHT))
        return _bare(upright)


def _bare(image: "Image.Image") -> "Image.Image":
    """The pixels alone, on white: Pillow carries comments and profiles along from one picture to the next."""
    from PIL import Image  # noqa: PLC0415

    pixels = image.convert("RGBA")
    bare = Image.new("RGB", pixels.size, "white")
    bare.paste(pixels, mask=pixels)
    return bare


if __name__ == "__main__":
    main(*sys.argv[1:])
