# bash .lab/call2.sh SECONDS COMMIT [name=value ...]: trains with .lab/variants/COMMIT; the runs wait already
LIMIT=$1 COMMIT=$2; shift 2; S=$(date +%s); cp .lab/variants/$COMMIT/* /tmp/work/src/drawn_digits/training/ || exit
printf '#!/bin/sh\necho %s\n' $COMMIT > /tmp/work/.lab/bin/git; echo "$@" > /tmp/go
while [ $(($(date +%s)-S)) -lt $LIMIT ]; do
  sleep 2; n=0; for p in $(cat /tmp/pids); do kill -0 $p 2>/dev/null && n=1; done; [ $n = 0 ] && break
done
for r in evidence repeat-1 repeat-2 repeat-3; do tar czf $OUT/$r.tar.gz --exclude painted.npz -C /tmp/runs $r; grep -v "Warn\|cuda_timer\|^$" /tmp/$r.log | cut -c1-200 | tail -n ${TAIL:-5}; done
for r in evidence repeat-1 repeat-2 repeat-3; do tail -c 15000 /tmp/$r.log; done > $OUT/log; ls -la $OUT; echo $(($(date +%s)-S)) seconds
