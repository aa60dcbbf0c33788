"""How texts are spelled for comparing."""

from __future__ import annotations

import unicodedata


def unaccented(text: str) -> str:
    """Give a text without accents, its letters in their plainest form.

    A sign that stands for letters becomes them as they are: `№` is `No`, whether the text was in small letters or not.

    Example:
        >>> unaccented("Büro Málaga™")
        'Buro MalagaTM'
    """
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
