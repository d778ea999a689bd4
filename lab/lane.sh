#!/bin/bash
# core, then arm:seed:steps ...
core=$1; shift
for w in "$@"; do IFS=: read a s n <<< "$w"; taskset -c $core env TF_CPP_MIN_LOG_LEVEL=2 DRAWN_DIGITS_DATA=/work/shared/data /work/main/.venv/bin/python cpu_readers.py $a $s $n >> /work/x/lab3/lane$core.log 2>&1; done
