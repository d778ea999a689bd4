import os, sys, time; os.environ["TF_CPP_MIN_LOG_LEVEL"]="2"
import numpy as np, keras, tensorflow as tf
T=int(sys.argv[2]); tf.config.threading.set_intra_op_parallelism_threads(T); tf.config.threading.set_inter_op_parallelism_threads(T)
import drawn_digits.training.network as N
if sys.argv[1]=="keras": N.BatchNormalization = keras.layers.BatchNormalization
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.recipes import *
from drawn_digits.training.machine import keep_freed_memory; keep_freed_memory()
P = sys.argv[3] if len(sys.argv)>3 else "mixed_bfloat16"
c=TrainingConfig(precision=P); net=N.build_evidence_network(.2,P); img,ink=stored_ink()
opt=set(sys.argv[4:])
aug = ink if "noaug" in opt else augmented(ink,c)
m=compile_evidence_model(img, N.evidence_outputs(net.get_layer("mnist_detector"),net.get_layer("reader"),ink,aug),c,cosine_decay(c,1000,28))
if "sgd" in opt: m.compile("sgd", {n:keras.losses.BinaryCrossentropy(from_logits=True) if n!="logits" else keras.losses.CategoricalCrossentropy(from_logits=True) for n in ("logits","digit_logit","mnist_logit")})
for o in opt:
    if o.startswith("spe"): m.steps_per_execution=int(o[3:])
B=128; n=B*40; rng=np.random.default_rng(0); x=rng.integers(0,255,(n,28,28)).astype("uint8")
y={"logits":keras.utils.to_categorical(rng.integers(0,10,n),10),"digit_logit":np.ones((n,1),"float32"),"mnist_logit":np.ones((n,1),"float32")}
w={k:np.ones(n,"float32") for k in y}
k=B*8; m.fit(x[:k],{a:b[:k] for a,b in y.items()},sample_weight={a:b[:k] for a,b in w.items()},batch_size=B,verbose=0)
a=time.time(); u=os.times(); m.fit(x,y,sample_weight=w,batch_size=B,verbose=0,shuffle=False); v=os.times()
print(sys.argv[1:], "%.0f ms"%((time.time()-a)/40*1e3), "cpu %.0f ms"%((v.user-u.user+v.system-u.system)/40*1e3))
if "prof" in opt:
    tf.profiler.experimental.start("/tmp/prof"); m.fit(x[:B*8],{a:b[:B*8] for a,b in y.items()},sample_weight={a:b[:B*8] for a,b in w.items()},batch_size=B,verbose=0); tf.profiler.experimental.stop()
