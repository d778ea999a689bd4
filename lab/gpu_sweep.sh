set -o pipefail
python3 -m pip install -q --no-index --no-deps --no-compile --no-cache-dir --upgrade --target /tmp/site .whl/*.whl && export PYTHONPATH=/tmp/site || exit
export PYTHONUNBUFFERED=1 KERAS_BACKEND=jax XLA_PYTHON_CLIENT_PREALLOCATE=false
(time python3 .lab/make_data.py /tmp/lab.npz) > $OUT/data.log 2>&1 &
timeout $((${1:-300}+30)) python3 .lab/sweep2.py /tmp/lab.npz s3.json ${1:-300} 2>&1 | grep -v "Warn\|cuda_timer" | tee $OUT/sweep.log
tail -5 $OUT/data.log | cut -c1-600
