"""Ids and randomness from one seedable source."""

from __future__ import annotations

import secrets
import string
from hashlib import blake2b

_ALPHANUMERICS = string.ascii_letters + string.digits


class RandomSource:
    """A generator whose whole state is two numbers: a seed, and how many values it has given."""

    def __init__(self, seed: int | None = None) -> None:
        # Of a size that every JSON tool keeps.
        self.seed = secrets.randbits(53) if seed is None else seed
        self.position = 0

    def bits(self, size: int) -> int:
        """Draw a whole number of `size` bytes, 64 at most."""
        return int.from_bytes(self._draw(size).digest())

    def hexadecimal(self, length: int) -> str:
        """Draw `length` hexadecimal digits, an even number, 128 at most."""
        return self._draw(length // 2).hexdigest()

    def _draw(self, size: int) -> blake2b:
        self.position += 1
        return blake2b(b"%d:%d" % (self.seed, self.position), digest_size=size)

    def digits(self, length: int) -> str:
        """Draw `length` decimal digits, 18 at most."""
        return f"{self.below(10**length):0{length}d}"

    def below(self, limit: int) -> int:
        """Draw a whole number from 0 up to, but not including, `limit`."""
        return self.bits(16) % limit

    def fraction(self) -> float:
        """Draw a number from 0 up to, but not including, 1."""
        return (self.bits(8) >> 11) / (1 << 53)

    def alphanumerics(self, length: int) -> str:
        """Draw letters and digits, 64 at most."""
        return "".join(_ALPHANUMERICS[byte % 62] for byte in self._draw(length).digest())

    def identifier(self) -> str:
        """Draw the digits of a UUID, version 4: what the ids of resources end with."""
        return self.uuid().replace("-", "")

    def uuid(self) -> str:
        """Draw a UUID, version 4, in small letters."""
        text = self.hexadecimal(32)
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
