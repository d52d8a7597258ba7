"""`python -m airside.cli`."""

import sys

from . import main

sys.exit(main())
