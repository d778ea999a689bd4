# bash .lab/call1.sh SWEEP_SECONDS: the sweep, and the painting of four runs beside it, which then wait for /tmp/go
S=$(date +%s); rm -rf /tmp/go /tmp/work; mkdir /tmp/work; cp -r . /tmp/work; cd /tmp/work
python3 -m pip install -q --no-index --no-deps --no-compile --no-cache-dir --upgrade --target /tmp/site .whl/*.whl && export PYTHONPATH=/tmp/site:/tmp/work/src:/tmp/work/.lab/meta || exit
export PATH=/tmp/work/.lab/bin:$PATH PYTHONUNBUFFERED=1 KERAS_BACKEND=jax XLA_PYTHON_CLIENT_PREALLOCATE=false JAX_COMPILATION_CACHE_DIR=/tmp/jc DRAWN_DIGITS_DATA=/tmp/work/.data
(time python3 .lab/make_data.py /tmp/lab.npz $SHARE) > $OUT/data.log 2>&1 &
cat > /tmp/paint.sh <<'P'
cd /tmp/work; python3 .lab/smoke.py > /tmp/smoke.log 2>&1 || { export KERAS_BACKEND=torch; python3 .lab/smoke.py > /tmp/smoke2.log 2>&1; }
while [ ! -e /tmp/lab.npz ]; do sleep .5; done
go() { nice -n $4 python3 .lab/gpu_bg.py /tmp/runs/$1 $2 $3 $MORE > /tmp/$1.log 2>&1 & echo $! >> /tmp/pids; sleep 6; }
rm -f /tmp/pids; go evidence 1 - 1; go repeat-1 1 runs/evidence 3; go repeat-2 2 runs/evidence 5; go repeat-3 3 runs/evidence 7; wait
P
setsid nohup bash /tmp/paint.sh > /tmp/paint.log 2>&1 &
timeout $((${1:-300}+30)) python3 .lab/sweep2.py /tmp/lab.npz ${2:-s4.json} ${1:-300} 2>&1 | grep -v "Warn\|cuda_timer" | cut -c1-400 | tee $OUT/sweep.log
tail -n 2 /tmp/smoke*.log | cut -c1-400; tail -4 $OUT/data.log | cut -c1-600; for r in evidence repeat-1 repeat-2 repeat-3; do tail -n 2 /tmp/$r.log | cut -c1-300; done; nvidia-smi --query-gpu=name,memory.used --format=csv,noheader; echo $(($(date +%s)-S)) seconds
