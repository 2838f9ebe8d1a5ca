"""Backups for certain readers alone, in the format of age.

https://age-encryption.org/v1
"""

import pyrage

from .errors import BackupError

SUFFIX = ".age"


def readers_of(texts):
    """The public keys of these texts; BackupError for one that is none."""
    return [_read(pyrage.x25519.Recipient, text, "public key") for text in texts]


def keys_in(path):
    """The secret keys in a file, as age-keygen writes it."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"{path} is no file of keys: {error}.") from None
    lines = [line for line in map(str.strip, lines) if line and line[0] != "#"]
    return [_read(pyrage.x25519.Identity, line, "secret key") for line in lines]


def _read(kind, text, what):
    try:
        return kind.from_str(text)
    except (pyrage.RecipientError, pyrage.IdentityError):
        shown = f": “{text[:80]}”" if kind is pyrage.x25519.Recipient else "."
        raise BackupError(f"There is no {what} of age{shown}") from None


def encrypt(path, into, readers):
    pyrage.encrypt_file(str(path), str(into), readers)


def decrypt(path, into, keys):
    """Writes what a file holds for one of these keys; BackupError if it is for none."""
    try:
        pyrage.decrypt_file(str(path), str(into), keys)
    except pyrage.DecryptError:
        raise BackupError(f"{path} is not encrypted for this key.") from None
