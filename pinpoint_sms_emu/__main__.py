"""Runs the command line: `python -m pinpoint_sms_emu`, and the script `pinpoint-sms-emu`."""

import signal
import sys


def main() -> int:
    """Run the command line; Ctrl-C while its modules are imported shows no traceback."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:  # not with nohup and in the background
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from pinpoint_sms_emu.doors.command_line.main import main as run  # noqa: PLC0415  see above

    signal.signal(signal.SIGINT, handler)
    return run()


if __name__ == "__main__":
    sys.exit(main())
