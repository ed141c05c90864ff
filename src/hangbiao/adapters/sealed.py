"""What messengers encrypt: AES-256 in CBC, with a padding that is checked. A wrong key and a broken text look the same."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hangbiao.engines.notify.inbound import Forged

BLOCK = 16


def opened(key: bytes, vector: bytes, sealed: bytes, *, longest_padding: int) -> bytes:
    """The clear text without its padding (PKCS #7; WeCom pads to 32). Refuses Forged."""
    if not sealed or len(sealed) % BLOCK:
        raise Forged("not whole blocks")
    reader = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    clear = reader.update(sealed) + reader.finalize()
    padding = clear[-1]
    if not 1 <= padding <= min(longest_padding, len(clear)) or clear[-padding:] != bytes([padding]) * padding:
        raise Forged("padding")
    return clear[:-padding]
