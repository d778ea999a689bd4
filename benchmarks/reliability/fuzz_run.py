"""One target under atheris, which ends the process when it is done.

``python -m benchmarks.reliability.fuzz_run pictures -max_total_time=60 FOLDER``

What is worth keeping of a folder of findings goes into the corpus with
``python -m benchmarks.reliability.fuzz_run pictures -merge=1 CORPUS FINDINGS``.
"""

import sys

import atheris

# Coverage guides it, so what shall be explored is instrumented while it is imported.
with atheris.instrument_imports(include=["drawn_digits", "PIL", "werkzeug", "json", "base64"]):
    from benchmarks.reliability.fuzz_targets import read


def main(target: str, *options: str) -> None:
    # Merging runs this program again, through a shell.
    itself = f"{sys.executable} -m benchmarks.reliability.fuzz_run {target}"
    atheris.Setup([itself, *options], lambda data: read(target, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
