"""kit: one thread for each number library. Importing this is enough; import it before anything that imports numpy.

OpenBLAS and OpenMP start a thread for every core and let it spin between two calls, waiting for the next. Answering is
a row of short calls, so the spinning took more than half of all processor time (docs/decisions/0016 has the figures).
Whoever sets the variables outside has the last word.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
