"""Firmware images: parts told by their headers, opened where that is safe, and the strings in them.

Nothing in an image is ever run. Layouts are those of the public specifications and tools named at each parser.
"""

from proscribe.readers.firmware.reader import Firmware

__all__ = ["Firmware"]
