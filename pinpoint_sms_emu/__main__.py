"""So that `python -m pinpoint_sms_emu` is the command line."""

import sys

from pinpoint_sms_emu.cli import main

if __name__ == "__main__":
    sys.exit(main())
