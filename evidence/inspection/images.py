"""PNG and JPEG: can every pixel be read, and are there not too many of them?"""

from pathlib import Path

from PIL import Image

from evidence.inspection.findings import Danger, Findings, Refused

# An A3 page scanned at 600 dots per inch has 70 million.
MAX_PIXELS = 100_000_000
# Phones write JPEG files with several pictures.
FORMATS = {"image/png": ("PNG",), "image/jpeg": ("JPEG", "MPO")}


def inspect(path: Path, media_type: str) -> Findings:
    """Raise Refused when the picture cannot be drawn whole."""
    Image.MAX_IMAGE_PIXELS = None  # ours is the limit, and it refuses instead of warning
    try:
        with Image.open(path, formats=FORMATS[media_type]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Refused(Danger.NOT_ANALYSABLE, f"{width} x {height} pixels")
            image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow raises on damaged pictures
        raise Refused(Danger.UNREADABLE, str(error)) from error
    return Findings()
