"""Receives webhooks, and answers 401 to calls that are not genuine. Python 3.8 or newer.

Run: python3 verify.py
"""
import base64
import hashlib
import hmac
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "your shared secret"
TOLERANCE_SECONDS = 300


def verify_standard(headers, body: bytes) -> bool:
    """Checks webhook-signature. The time is signed too: an old call cannot be sent again."""
    timestamp = headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False

    key = base64.b64decode(SECRET[6:] + "==") if SECRET.startswith("whsec_") else SECRET.encode()
    signed = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    # While the secret is being changed there are two signatures.
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(one, expected) for one in given)


def verify_nexudus(headers, body: bytes) -> bool:
    """Checks X-Nexudus-Hook-Signature, if called instead. The body alone is signed."""
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest().upper()
    given = headers.get("x-nexudus-hook-signature", "")
    return hmac.compare_digest(given.encode(), expected.encode())


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        # The bytes that were signed, before anything parses them.
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        genuine = verify_standard(self.headers, body)
        if genuine:
            # Keep the record, then answer, then work on it.
            print(self.headers["posthorn-action"], body.decode(), flush=True)
        self.send_response(204 if genuine else 401)
        self.send_header("content-length", "0")
        self.end_headers()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Receiver)
    print(f"Receiving at http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
