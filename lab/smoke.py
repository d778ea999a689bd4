import sys; sys.path.insert(0,"src")
import numpy as np, keras
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.network import *
from drawn_digits.training.network import evidence_outputs
from drawn_digits.training.recipes import *
from drawn_digits.training.recipes import compile_evidence_model,stored_ink,augmented,cosine_decay
from drawn_digits.training.batches import Batches
from drawn_digits.training.samples import Samples,normalize
from drawn_digits.training.train import set_random_state
from drawn_digits.training.augment import set_strength
c=TrainingConfig(); net=build_evidence_network(); img,ink=stored_ink()
m=compile_evidence_model(img,evidence_outputs(net.get_layer("mnist_detector"),net.get_layer("reader"),ink,augmented(ink,c)),c,cosine_decay(c,100,28))
r=np.random.default_rng(0); s=Samples(normalize(r.integers(0,256,(256,112,112)).astype(np.uint8)),np.arange(256)%11-1,np.arange(256)%2==0)
set_random_state(m,0); set_strength(m,1.0); a=evidence_arguments(s)
print(m.fit(Batches(a,128),validation_data=Batches(a),epochs=2,verbose=0).history["loss"]); m.save_weights("/tmp/smoke.weights.h5"); print("smoke ok",keras.backend.backend())
