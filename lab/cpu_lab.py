"""argv: arm seed steps"""
import labstub,sys,time,pickle,numpy as np,keras
import drawn_digits.training.network as N
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.recipes import *
from drawn_digits.training.samples import concatenate
from drawn_digits.training.augment import set_strength
arm,seed,steps=sys.argv[1],int(sys.argv[2]),int(sys.argv[3]); keras.utils.set_random_seed(seed)
N.build_reader.__defaults__=(0.2,"float32",24,(24,40,40,56,56))
Z=pickle.load(open("/tmp/cpu.pkl","rb")); c=TrainingConfig(seed=seed); rng=np.random.default_rng(seed)
net=N.build_evidence_network(c.dropout,"float32"); img,ink=stored_ink()
out=N.evidence_outputs(net.get_layer("mnist_detector"),net.get_layer("reader"),ink,augmented(ink,c))
E=steps/570; m=compile_evidence_model(img,out,c,cosine_decay(c,570,E)); meas=N.with_class_logits(net)
kind={"base":"hands","mix":"mix"}[arm]; parts=[]; n=0
while n<steps*128:
    s=concatenate([Z["mnist"].take(rng.permutation(len(Z["mnist"]))[:30000]),Z["own0"],Z[kind+"0"],Z[kind+"1"] if arm!="half" else Z["mix1"],Z["non"].take(rng.permutation(len(Z["non"]))[:10000])]); parts.append(s.take(rng.permutation(len(s)))); n+=len(s)
S=concatenate(parts).take(np.arange(steps*128)); a=time.time()
for lo,hi,st in ((0,2/3,1.0),(2/3,1,.5)):
    set_strength(m,st); q=S.take(np.arange(int(lo*steps)*128,int(hi*steps)*128)); x,y,w=evidence_arguments(q); m.fit(x,y,sample_weight=w,batch_size=128,shuffle=False,verbose=0)
def read(s):
    l=meas.predict((s.images/255).astype(np.float32),batch_size=1000,verbose=0)["logits"].astype(np.float64); best=min((float(np.mean(np.log(np.exp(l/T-(l/T).max(1,keepdims=True)).sum(1))-(l/T-(l/T).max(1,keepdims=True))[np.arange(len(l)),s.labels])),T) for T in np.arange(.5,2,.1)); return int((l.argmax(1)!=s.labels).sum()),round(best[0]*1e4)
print(arm,seed,steps,"pendigits",read(concatenate([Z["any0"],Z["any1"]])),"mnist",read(Z["mval"]),round(time.time()-a),"s",flush=True)
