# On the lent machine: bash .lab/gpu_train.sh SECONDS. Carry .lab .whl .data; each epoch is a checkpoint, and what is not done goes on here.
python3 -m pip install -q --no-index --no-deps --no-compile --no-cache-dir --upgrade --target /tmp/site .whl/*.whl && export PYTHONPATH=/tmp/site:$PWD/src:$PWD/.lab/meta || exit
export PATH=$PWD/.lab/bin:$PATH PYTHONUNBUFFERED=1 KERAS_BACKEND=jax XLA_PYTHON_CLIENT_PREALLOCATE=false JAX_COMPILATION_CACHE_DIR=/tmp/jc DRAWN_DIGITS_DATA=$PWD/.data
LIMIT=${1:-440}; shift; MORE="$@"; S=$(date +%s); PIDS=""
go() { setsid nice -n $4 python3 .lab/gpu_train.py runs/$1 $2 $3 $MORE > /tmp/$1.log 2>&1 & PIDS="$PIDS $!"; }
go evidence 1 - 0; sleep ${GAP:-15}; go repeat-1 1 runs/evidence 1; sleep ${GAP:-15}; go repeat-2 2 runs/evidence 3; sleep ${GAP:-15}; go repeat-3 3 runs/evidence 5
while [ $(($(date +%s)-S)) -lt $LIMIT ]; do
  sleep 2; n=0; for p in $PIDS; do kill -0 $p 2>/dev/null && n=1; done; [ $n = 0 ] && break
done
for p in $PIDS; do kill -- -$p 2>/dev/null; done; sleep 1
for r in evidence repeat-1 repeat-2 repeat-3; do tar czf $OUT/$r.tar.gz -C runs $r; grep -v "Warn\|cuda_timer\|^$" /tmp/$r.log | cut -c1-200 | tail -${TAIL:-6}; done
cat /tmp/*.log | tail -c 60000 > $OUT/log; echo $(($(date +%s)-S)) seconds
