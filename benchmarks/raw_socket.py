"""A minimal server in Python, which reads a request and sends prepared bytes.

`python -m benchmarks.raw_socket PORT ANSWER`: the duration of a call through it is the time of
boto3, of the kernel, and of waking up processes.
"""

from __future__ import annotations

import re
import socket
import sys
import threading

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


def serve(port: int, body: bytes) -> None:
    """Answer every request with the same bytes, without end."""
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"x-amzn-RequestId: {'0' * 36}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    answer = head.encode() + body
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_answer, args=(connection, answer), daemon=True).start()


def _answer(connection: socket.socket, answer: bytes) -> None:
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
            head, blank_line, body = received.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if blank_line and len(body) >= (int(length[1]) if length else 0):
                received = b""
                connection.sendall(answer)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2].encode())
