"""Run a command without a network: in a namespace, or with sockets blocked in Python.

A namespace is the kernel's own wall: whatever runs in it, compiled code and other programs included, has a loopback
interface and nothing else. Where the system grants none, an audit hook in every Python process of the run refuses to
connect, send or look up a name beyond this machine; it does not see sockets that compiled code opens without Python.
Loopback stays open in both, because notebooks talk to their kernels through it. Standard library alone.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from leadership_effects.errors import LeadershipError

REQUEST = "request.json"  # in the folder of the run: what is asked of it, and how its copy was made
NAMESPACE, SOCKETS = "namespace", "sockets"
WORDS = {
    NAMESPACE: "in a network namespace of its own, which holds a loopback interface and no other",
    SOCKETS: "with an audit hook in every Python process that refuses connections, sending and name look-ups beyond "
    "this machine; sockets opened by compiled code without Python are not seen by it",
}
OUTSIDE = ("192.0.2.1", 443)  # an address kept for documentation by RFC 5737: nothing answers there
NAME = "example.org"
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1  # of netdevice(7)
SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")
LOOKING_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
HOOK = "from leadership_effects.reproduce.sandbox import block_sockets\n\nblock_sockets()\n"


class NetworkOff(OSError):
    """An attempt to reach another machine during a run without a network."""


class NetworkStillOn(LeadershipError, RuntimeError):
    """The network could not be turned off, or loopback went with it."""


def sealed(way: str, command: list[str]) -> list[str]:
    """Return the command line that runs a command without a network.

    Parameters
    ----------
    way : str
        ``namespace`` or ``sockets``; for the latter `write_hook` puts `block_sockets` on the path.
    command : list of str
        Starts with the Python that is to run it.
    """
    if way == SOCKETS:
        return command
    enter = ["unshare", "--map-root-user", "--net", command[0], "-m", "leadership_effects.reproduce.sandbox"]
    return [*enter, *command]


def namespace_fault(python: str, environment: dict[str, str]) -> str:
    """Return why this system grants no network namespace with loopback; empty if it does."""
    if not shutil.which("unshare"):
        return "there is no program unshare (package util-linux)"
    done = subprocess.run(
        sealed(NAMESPACE, [python, "-c", ""]), env=environment, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["unshare failed"])[-1]


def write_hook(folder: Path) -> None:
    """Make every Python process that has a folder on its path block its sockets at its start."""
    (folder / "sitecustomize.py").write_text(HOOK, encoding="utf-8")


def block_sockets() -> None:
    """Refuse, until this process ends, whatever would reach another machine."""

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in SENDING:
            target = arguments[1]
            host = target[0] if isinstance(target, tuple) and target else None
        elif event in LOOKING_UP:
            host = arguments[0]
        else:
            return
        if isinstance(host, (str, bytes)) and not is_here(host):
            raise NetworkOff(errno.ENETUNREACH, f"the network is off for this run; refused: {host!r}")

    sys.addaudithook(watch)


def is_here(host: str | bytes) -> bool:
    """Return whether a host is this machine's loopback or means any address of it."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in ("", "localhost", "localhost.localdomain"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def raise_loopback() -> None:
    """Switch on the loopback interface of a new network namespace."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH22x", b"lo", 0)
        flags = struct.unpack("16sH22x", fcntl.ioctl(any_socket, GET_FLAGS, request))[1]
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH22x", b"lo", flags | UP))


def check() -> list[tuple[str, str]]:
    """Try to reach another machine in three ways, and this one; return each answer.

    Raises
    ------
    NetworkStillOn
        If an attempt was not refused at once, or loopback does not answer.
    """
    found = [(words, _refusal(words, attempt)) for words, attempt in ATTEMPTS.items()]
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError as error:
        raise NetworkStillOn(f"loopback does not answer, and kernels need it: {error}") from error
    return [*found, ("connect to this machine through loopback", "answered")]


def _connect() -> None:
    socket.create_connection(OUTSIDE, timeout=5).close()


def _send() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        datagram.sendto(b"", OUTSIDE)


def _look_up() -> None:
    socket.getaddrinfo(NAME, 443)


ATTEMPTS: dict[str, Callable[[], None]] = {
    f"connect to {OUTSIDE[0]}": _connect,
    f"send a datagram to {OUTSIDE[0]}": _send,
    f"look up {NAME}": _look_up,
}


def _refusal(words: str, attempt: Callable[[], None]) -> str:
    """Return how an attempt was refused; silence is no refusal."""
    try:
        attempt()
    except TimeoutError as error:
        raise NetworkStillOn(f"{words}: not refused but unanswered, so there is a way out") from error
    except OSError as error:
        return error.strerror or str(error)
    raise NetworkStillOn(f"{words}: it went through; the network is on")


def main(arguments: list[str]) -> None:
    """Switch loopback on in a new namespace, and become the command."""
    raise_loopback()
    os.execv(arguments[0], arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
