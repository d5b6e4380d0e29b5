"""Runs the command line: `python -m pinpoint_sms_emu`."""

import sys

from pinpoint_sms_emu.doors.command_line.main import main

if __name__ == "__main__":
    sys.exit(main())
