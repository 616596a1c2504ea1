"""`python -m budgetaudit.cli`."""

import sys

from budgetaudit.cli import main

sys.exit(main())
