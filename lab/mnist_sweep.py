"""argv: name filters batch lr decay dropout"""
import sys, time
from dataclasses import replace
sys.path.insert(0, "/work/main")
import drawn_digits.training.recipes as R
from drawn_digits.training.config import TrainingConfig
import benchmarks.training_speed as B
import keras
if __name__ == "__main__":
    kw = dict(a.split("=") for a in sys.argv[1:])
    R.MNIST_FILTERS = tuple(map(int, kw.pop("filters", "16,24,56,64,96,96").split(",")))
    R.MNIST_DECAY_EPOCHS = float(kw.pop("decay", 2.1))
    aug = kw.pop("aug", "all"); R.MNIST_MARGIN = int(kw.pop("margin", 3))
    from keras import layers
    def warp(ink, c):
        ink = layers.Reshape((28, 28, 1))(ink); w = R.RandomWarp(strength=c.augmentation, seed=c.seed)(ink)
        return layers.Reshape((28, 28))(w)
    if aug == "none": R.augmented = lambda ink, c: ink
    if aug == "warp": R.augmented = warp
    if kw.pop("plain", ""):
        import drawn_digits.training.muon as M
        def compile_(*a):
            m = OLD(*a); m.optimizer = keras.optimizers.AdamW(a[3], weight_decay=1e-2); return m
        OLD = R.compile_evidence_model
        def compile2(i, o, c, lr):
            m = OLD(i, o, c, lr); m.compile(optimizer=keras.optimizers.AdamW(lr, weight_decay=1e-2), loss={"logits": R.smoothed_cross_entropy(c.label_smoothing)}, weighted_metrics={"logits": ["accuracy"]}); return m
        R.compile_evidence_model = compile2
    spe = int(kw.pop("spe", 0))
    seeds = [int(v) for v in kw.pop("seeds", "1,2").split(",")]
    changes = {k: int(v) if k in ("batch_size", "epochs") else float(v) for k, v in kw.items()}
    for seed in seeds:
        B.keep_freed_memory(); keras.backend.clear_session(); keras.utils.set_random_seed(seed)
        c = replace(R.MNIST_CONFIG, precision=B.fastest_precision(), seed=seed, **changes)
        r = R.mnist_recipe(c); out = []
        if spe: r.model.steps_per_execution = spe
        for n in range(c.epochs):
            s = B.time_epoch(r, n, c.batch_size); out.append(f"{s:.1f}s {B.validation_accuracy(r):.4f}")
        print(" ".join(sys.argv[1:]), "seed", seed, *out, flush=True)
