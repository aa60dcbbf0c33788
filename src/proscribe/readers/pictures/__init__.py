"""Pictures: type plates, labels and papers that people photograph, read where they stand and by no other machine."""

from proscribe.readers.pictures.reader import Picture

__all__ = ["Picture"]
