"""Write any text in plain Latin letters, for addresses and names of results."""

from __future__ import annotations

import unicodedata


def latin(text: str) -> str:
    """Return a text in Latin letters, those of other scripts by their names in Unicode.

    Letters of Indian scripts carry the vowel *a*, which a vowel sign replaces and a virama takes away.

    Examples
    --------
    >>> latin("प्रश्न"), latin("Kā pārbaudīt"), latin("Zielińska, Łódź")
    ('prashna', 'Ka parbaudit', 'Zielinska, lodz')
    """
    written = ""
    for character in unicodedata.normalize("NFKD", text):
        name = unicodedata.name(character, "")
        if character.isascii():
            written += character
        elif name.endswith("SIGN VIRAMA"):
            written = written.removesuffix("a")
        elif "VOWEL SIGN" in name:
            written = written.removesuffix("a") + name.split()[-1].lower()
        elif "SIGN CANDRABINDU" in name or "SIGN ANUSVARA" in name:
            written += "n"
        elif unicodedata.category(character).startswith("L"):
            written += name.partition(" WITH ")[0].split()[-1].lower()
        elif not unicodedata.combining(character):
            written += " "
    return written
