"""nlu: our encoder on loopback, for as long as Rasa trains. Asked only by nlu/rasa/components/embedding.py."""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from nlu.adapters.vectors import encode_sorted
from nlu.contracts import Vector
from nlu.normalise import clean, fold
from nlu.ports import Encoder

Progress = Callable[[int], None]


def packed(vector: Vector) -> str:
    """A vector as it travels to Rasa: base64 of little-endian float32."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()


@contextlib.contextmanager
def encoder_service(encoder: Encoder, secret: str, progress: Progress | None = None) -> Iterator[str]:
    """Serve `encoder` on a free loopback port; yields the address. `progress` hears how many texts were encoded."""
    done = 0

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is the base class's
            nonlocal done
            if not hmac.compare_digest(self.headers.get("X-Desk-Secret", "").encode(), secret.encode()):
                self.send_error(HTTPStatus.FORBIDDEN)
                return
            texts = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))["texts"]
            folded = [fold(clean(text)) for text in texts]
            vectors = encode_sorted(encoder, folded)
            done += len(texts)
            if progress:
                progress(done)
            body = json.dumps({"vectors": [packed(v) for v in vectors], "folded": folded}).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Nothing: requests hold texts."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, name="encoder-service", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
