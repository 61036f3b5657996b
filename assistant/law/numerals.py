"""Numbers as Japanese statutes write them."""

from __future__ import annotations

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def kanji_value(number: str) -> int:
    """Return the value of a number written in kanji, positional (一〇五) or with units (百五)."""
    if all(char in _DIGITS for char in number):
        return int("".join(str(_DIGITS[char]) for char in number))
    total, current = 0, 0
    for char in number:
        if char in _UNITS:
            total, current = total + (current or 1) * _UNITS[char], 0
        else:
            current = _DIGITS[char]
    return total + current
