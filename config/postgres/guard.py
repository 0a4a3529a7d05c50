"""The process that starts the embedded server, and stops it when nobody uses it any more.

Run by `server.py` as a script of its own, with the standard library only, so that it is small and outlives whoever
started it. Whether anybody still uses the server is a lock, and locks vanish with their process, however it dies:
`kill -9` of a site and a closed terminal end here as well.
"""

import argparse
import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_guard() -> None:
    """On Linux the server shuts down when its guard is killed, since nobody else would stop it."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def detach() -> None:
    """Leave the starting process, its terminal and its process group."""
    if os.fork():
        os._exit(0)
    os.setsid()


def wait_for_last_user(users: int, turn: int) -> None:
    """Return with both locks held, once no process uses the server. Never holds one while it waits for the other."""
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_UN)
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(turn, fcntl.LOCK_UN)
        else:
            return


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sockets", type=Path, help="a folder made for the socket alone, to be removed with it")
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()

    # Taken before the starting process is let go, so that "not alive" means "has ended" from then on.
    alive = open_lock(args.folder / ".alive")
    fcntl.flock(alive, fcntl.LOCK_EX)
    detach()
    server = subprocess.Popen(
        args.command,
        stdin=subprocess.DEVNULL,
        pass_fds=[alive],
        preexec_fn=die_with_guard,
        user=args.uid,
        group=args.gid,
        extra_groups=None if args.uid is None else [],
    )
    os.close(alive)

    nobody_is_left = threading.Event()

    def leave_with_server() -> None:
        server.wait()
        if nobody_is_left.is_set() and args.sockets:
            with contextlib.suppress(OSError):
                args.sockets.rmdir()
        os._exit(0)

    threading.Thread(target=leave_with_server, daemon=True).start()
    wait_for_last_user(open_lock(args.folder / ".users"), open_lock(args.folder / ".turn"))
    nobody_is_left.set()
    server.send_signal(signal.SIGINT)  # "fast": open transactions are rolled back, everything else is kept
    threading.Event().wait()


if __name__ == "__main__":
    main()
