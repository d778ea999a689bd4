import labstub
"""Here: pens, letters, typefaces and MNIST, as files to carry."""
import lzma, pickle, numpy as np
from drawn_digits.training.samples import good_pens, mnist_samples
from drawn_digits.training.data import load_non_digits, spread
from drawn_digits.training.data.bad_labels import mnist_bad_labels
from drawn_digits.training.data.typefaces import load_typefaces
out={"digits":good_pens("train")+good_pens("validation"),"letters":load_non_digits("train"),"letters_v":spread(load_non_digits("validation"),4000),"fonts":load_typefaces("train")+load_typefaces("validation")}
print({k:len(v) for k,v in out.items()})
with lzma.open("pens.pkl.xz","wb",preset=3) as f: pickle.dump(out,f,4)
xs,ys=[],[]
for s in ("train","validation"):
    m=mnist_samples(s); bad=np.isin(np.arange(len(m)),mnist_bad_labels(s)); xs.append(m.images[~bad]); ys.append(m.labels[~bad])
x=np.concatenate(xs)
with lzma.open("mnist.pkl.xz","wb",preset=3) as f: pickle.dump((x,np.concatenate(ys)),f,4)
from collections import Counter
print(x.shape, Counter((p.source,p.donor) for p in out["digits"]), out["digits"][0].writer)
