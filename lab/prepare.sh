# Here, in the repository's root, before a GPU is asked for: what travels. Needs .venv (make .venv/.dev) and a venv with jax whose .pth names .venv's site-packages.
E=$(git rev-parse --git-path info/exclude); mkdir -p $(dirname $E); printf '/.whl/\n/.lab/\n/.data/\n' >> $E
mkdir -p .lab/meta .lab/bin; cp lab/* .lab/; cp -r .venv/lib/python3.11/site-packages/drawn_digits-*.dist-info .lab/meta/; cp -r $DRAWN_DIGITS_DATA .data
printf '#!/bin/sh\necho %s\n' $(git rev-parse HEAD) > .lab/bin/git; chmod +x .lab/bin/git  # the copy there has no history
python3 -m pip download -q --no-deps --only-binary=:all: --python-version 3.12 --implementation cp --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 -d .whl keras==3.15.1 namex==0.1.0 optree==0.20.0 ncompress==1.0.2 platformdirs
(cd .lab && python pack.py)
