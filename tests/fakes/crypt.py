"""How the services lock their callbacks: AES-256 in CBC mode, with a signature beside it."""

import base64
import hashlib
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK, FEISHU_BLOCK = 32, 16


def _pad(plain: bytes, block: int) -> bytes:
    more = block - len(plain) % block
    return plain + bytes([more]) * more


def _cbc(key: bytes, start: bytes, plain: bytes) -> bytes:
    lock = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return lock.update(plain) + lock.finalize()


def wecom_locked(aes_key: str, xml: str, receiver: str) -> str:
    """16 random bytes, the length, the text, who it is for; the key's own beginning starts the chain."""
    key = base64.b64decode(aes_key + "=")
    said = xml.encode()
    plain = os.urandom(16) + struct.pack(">I", len(said)) + said + receiver.encode()
    return base64.b64encode(_cbc(key, key[:16], _pad(plain, BLOCK))).decode()


def wecom_signature(token: str, timestamp: str, nonce: str, locked: str) -> str:
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, locked])).encode()).hexdigest()


def feishu_locked(encrypt_key: str, said: str) -> str:
    """The key is the digest of the shared words; the chain starts with 16 random bytes, which stand first."""
    start = os.urandom(16)
    key = hashlib.sha256(encrypt_key.encode()).digest()
    return base64.b64encode(start + _cbc(key, start, _pad(said.encode(), FEISHU_BLOCK))).decode()


def feishu_signature(timestamp: str, nonce: str, encrypt_key: str, raw: bytes) -> str:
    return hashlib.sha256(f"{timestamp}{nonce}{encrypt_key}".encode() + raw).hexdigest()
