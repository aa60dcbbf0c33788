"""What is set once for a folder: `proscribe.toml`, rules about files, kept views."""
