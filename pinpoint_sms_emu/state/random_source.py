"""The random source, from which all ids and random numbers come. It can be seeded."""

from __future__ import annotations

import secrets
import string
from hashlib import blake2b

_ALPHANUMERICS = string.ascii_letters + string.digits


class RandomSource:
    """A generator whose state is two numbers: its seed, and how many values it has produced."""

    def __init__(self, seed: int | None = None) -> None:
        # 53 bits, so that JSON tools with floating-point numbers do not change it.
        self.seed = secrets.randbits(53) if seed is None else seed
        self.position = 0

    def bits(self, size: int) -> int:
        """Return a random whole number of `size` bytes, 64 at most."""
        return int.from_bytes(self._draw(size).digest())

    def hexadecimal(self, length: int) -> str:
        """Return `length` random hexadecimal digits, an even number, 128 at most."""
        return self._draw(length // 2).hexdigest()

    def _draw(self, size: int) -> blake2b:
        self.position += 1
        return blake2b(b"%d:%d" % (self.seed, self.position), digest_size=size)

    def digits(self, length: int) -> str:
        """Return `length` random decimal digits, 18 at most."""
        return f"{self.below(10**length):0{length}d}"

    def below(self, limit: int) -> int:
        """Return a random whole number from 0 up to, but not including, `limit`."""
        return self.bits(16) % limit

    def fraction(self) -> float:
        """Return a random number from 0 up to, but not including, 1."""
        return (self.bits(8) >> 11) / (1 << 53)

    def alphanumerics(self, length: int) -> str:
        """Return `length` random letters and digits, 64 at most."""
        return "".join(_ALPHANUMERICS[byte % 62] for byte in self._draw(length).digest())

    def identifier(self) -> str:
        """Return the digits of a random UUID, version 4, with which resource ids end."""
        return self.uuid().replace("-", "")

    def uuid(self) -> str:
        """Return a random UUID, version 4, in lower case."""
        text = self.hexadecimal(32)
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
