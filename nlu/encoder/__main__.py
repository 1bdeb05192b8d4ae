"""`python -m nlu.encoder prepare`: make the encoder's files once (deploy/bootstrap.py calls it)."""

from __future__ import annotations

import argparse
import sys

from nlu.encoder.prepare import prepare
from nlu.encoder.weights import WeightsFault


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m nlu.encoder", description=__doc__)
    parser.add_argument("command", choices=["prepare"])
    parser.parse_args()
    try:
        print(f"encoder ready in {prepare()}")
    except WeightsFault as fault:
        print(f"encoder: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
