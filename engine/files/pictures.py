"""Pictures are drawn anew: the position, the device and everything else a camera wrote into them is gone."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

#: a phone makes 12 to 50 million pixels
_MOST_PIXELS = 60_000_000

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


def is_picture(media_type: str) -> bool:
    return media_type in _FORMATS


def clean(source: Path, target: Path, media_type: str) -> None:
    """Write the picture of `source` to `target`, upright, without metadata (the colour profile stays). Raises ValueError if it is broken
    or too large."""
    form = _FORMATS[media_type]
    try:
        with Image.open(source, formats=(form, "MPO") if form == "JPEG" else (form,)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise ValueError("too many pixels")
            profile = picture.info.get("icc_profile")
            upright = ImageOps.exif_transpose(picture)
            upright.info.clear()
            _save(upright, target, form, profile)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError("not a readable picture") from error


def _save(picture: Image.Image, target: Path, form: str, profile: bytes | None) -> None:
    if form == "JPEG":
        flat = picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
        flat.save(target, form, quality=90, optimize=True, exif=b"", icc_profile=profile)
    else:
        picture.save(target, form, optimize=True, icc_profile=profile)
