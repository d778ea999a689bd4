# Here, in the repository's root, before a GPU is asked for: what travels. Needs .venv (make .venv/.dev), its `python pack.py` takes 40 s.
E=$(git rev-parse --git-path info/exclude); mkdir -p $(dirname $E); printf '/.whl/\n/.lab/\n/.data/\n' >> $E
mkdir -p .lab/meta .lab/bin; cp lab/* .lab/; cp -r .venv/lib/python3.11/site-packages/drawn_digits-*.dist-info .lab/meta/; cp -r $DRAWN_DIGITS_DATA .data
printf '#!/bin/sh\necho %s\n' $(git rev-parse HEAD) > .lab/bin/git; chmod +x .lab/bin/git  # the copy there has no history
python3 -m pip download -q --no-deps --only-binary=:all: --python-version 3.12 --implementation cp --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 -d .whl keras==3.15.1 namex==0.1.0 optree==0.20.0 ncompress==1.0.2 platformdirs
(cd .lab && ../.venv/bin/python pack.py)
H=$(git rev-parse HEAD); mkdir -p .lab/variants/$H; cp src/drawn_digits/training/{network,recipes,config}.py .lab/variants/$H/; echo "base $H" > .lab/names
for v in d2 mp res lin d2+lin mp+lin res+lin; do  # a commit for each, so that a run's origin names the code that trained it
  git checkout -q --detach main; .venv/bin/python lab/variant.py $v; .venv/bin/ruff format -q src/drawn_digits/training/{network,recipes}.py
  git commit -qam "The reader that the next training learns ($v), chosen out of fold on a GPU"; h=$(git rev-parse HEAD); echo "$v $h" >> .lab/names
  mkdir -p .lab/variants/$h; cp src/drawn_digits/training/{network,recipes,config}.py .lab/variants/$h/
done; git checkout -q main
