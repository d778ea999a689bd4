"""``make reliability``: every measure of the service under load, and the table of all.

``--short`` is CI's form, which writes nothing. Else each module's rows are kept in
``runs/reliability/``, so a module can be run again alone, and ``docs/reliability.md`` is written
from all of them. Exits with 1 where a bar is missed.
"""

import argparse
from importlib import import_module

from benchmarks.reliability.row import Row
from benchmarks.reliability.show import Measure, show
from benchmarks.reliability.table import MODULES, keep, write_table


def main() -> None:
    options = parse_options()
    measures = {name: load_measure(name) for name in options.names or MODULES}
    missed = sum(run(name, measure, options.short) for name, measure in measures.items())
    if not options.short:
        missed = write_table()
    raise SystemExit(f"{missed} bars are missed." if missed else 0)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--short", action="store_true", help="as CI runs it: minutes, not hours")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(MODULES)}")
    options = parser.parse_args()
    if unknown := set(options.names) - set(MODULES):
        parser.error(f"no measure is called {', '.join(sorted(unknown))}")
    return options


def load_measure(name: str) -> Measure:
    """All are loaded before the first runs: a missing one is known at once.

    Raises:
        SystemExit: the module is missing.
    """
    module = f"benchmarks.reliability.{name}"
    try:
        measure: Measure = import_module(module).measure
    except ModuleNotFoundError as error:
        raise SystemExit(f"The measure {name} cannot be loaded: {error}.") from None
    return measure


def run(name: str, measure: Measure, short: bool) -> int:
    """How many rows miss their bar."""
    print(f"-- {name}", flush=True)
    rows: list[Row] = measure(short=short)
    if not short:
        keep(name, rows)
    return show(rows)


if __name__ == "__main__":
    main()
