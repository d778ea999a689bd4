import glob, collections
from tensorflow.tsl.profiler.protobuf import xplane_pb2
f=glob.glob("/tmp/prof/**/*.xplane.pb",recursive=True)[0]
s=xplane_pb2.XSpace(); s.ParseFromString(open(f,"rb").read())
for pl in s.planes:
    if "CPU" not in pl.name: continue
    md={k:v.name for k,v in pl.event_metadata.items()}; sm={k:v.name for k,v in pl.stat_metadata.items()}
    t=collections.Counter(); n=collections.Counter()
    for ln in pl.lines:
        for e in ln.events:
            nm=md[e.metadata_id]; t[nm.split(":")[-1] if ":" in nm else nm]+=e.duration_ps/1e9; n[nm.split(":")[-1] if ":" in nm else nm]+=1
    for k,v in t.most_common(45): print("%8.2f ms/step %6.1f x %s"%(v/8,n[k]/8,k))
