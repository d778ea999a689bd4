"""argv: arm seed steps"""
import sys, time, pickle
sys.path.insert(0, "."); import labstub
import numpy as np, keras
from functools import partial
from keras import layers, ops
import tensorflow as tf
import drawn_digits.training.network as N
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.recipes import *
from drawn_digits.training.samples import concatenate
from drawn_digits.training.augment import set_strength
try:
    from drawn_digits.training.machine import keep_freed_memory; keep_freed_memory()
except Exception as e: print("no keep", e)
tf.config.threading.set_intra_op_parallelism_threads(1); tf.config.threading.set_inter_op_parallelism_threads(1)
arm, seed, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]); keras.utils.set_random_seed(seed)
opts = set(arm.split("+")); F = (24, 40, 40, 56, 56)
if "full" in opts: F = (48, 80, 80, 112, 112)
for o in opts:
    if o[0] == "c" and o[1:].isdigit(): F = (int(o[1:]),) + F[1:]
    if o.startswith("F"): F = tuple(int(v) for v in o[1:].split(","))
PREC = "mixed_bfloat16"
P_HALF = [None]
def conv(x, f, size, strides=1, padding="same", linear=False, bn=True):
    x_in = x
    if not isinstance(padding, str):
        x = layers.ZeroPadding2D((padding, padding), dtype=PREC)(x); padding = "valid"
    x = layers.Conv2D(f, size, strides=strides, padding=padding, use_bias=False, kernel_initializer="he_normal", dtype=PREC)(x)
    if "rep" in opts and x_in.shape[-1] > 1:
        b = layers.Conv2D(f, 1, use_bias=False, kernel_initializer="he_normal", dtype=PREC)(x_in[:, 1::2, 1::2] if strides == 2 else x_in)
        x = N.BatchNormalization(momentum=0.95, dtype=PREC)(x) + N.BatchNormalization(momentum=0.95, dtype=PREC)(b)
    else: x = N.BatchNormalization(momentum=0.95, dtype=PREC)(x)
    if "cbn" in opts or ("cbn3" in opts and x.shape[1] <= 6):  # scale and offset as the ink looks
        g = layers.Dense(2 * f, use_bias=False, kernel_initializer="zeros")(P_HALF[0])
        g = layers.Reshape((1, 1, 2 * f))(g)
        if PREC != "float32": g = ops.cast(g, "bfloat16")
        x = x * (1 + g[..., :f]) + g[..., f:]
    if linear: return x
    if "silu" in opts: return layers.Activation("silu", dtype=PREC)(x)
    if "gelu" in opts: return layers.Activation(partial(keras.activations.gelu, approximate=True), dtype=PREC)(x)
    if "relu2" in opts: return ops.square(ops.relu(x))
    if "hswish" in opts: return layers.Activation("hard_silu", dtype=PREC)(x)
    if "leaky" in opts: return layers.LeakyReLU(0.1)(x)
    return layers.ReLU(dtype=PREC)(x)
def se(x, r=4):
    c = x.shape[-1]; s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Conv2D(c // r, 1, activation="relu")(s); s = layers.Conv2D(c, 1, activation="sigmoid", bias_initializer="ones")(s)
    return x * s
def blur(x, padding):
    return x
def reader(dropout=0.2, precision="float32", side=24, filters=F):
    ink = keras.Input((side, side), name="ink"); ml = keras.Input((1,), name="mnist_logit")
    x = layers.Reshape((side, side, 1))(ink); f = F
    P_HALF[0] = ops.sigmoid(ml) - 0.5
    if "coord" in opts:
        g = np.linspace(-1, 1, side, dtype=np.float32); g = np.stack(np.meshgrid(g, g), -1)[None]
        x = ops.concatenate([x, ops.ones_like(x) * g], -1)
    sn = [int(o[1:]) for o in opts if o[0] == "s" and o[1:].isdigit()]
    if sn:
        for _ in range(2 if "d2" in opts else 1): x = conv(x, sn[0], 3)
        if "mp" in opts: x = layers.MaxPooling2D(2)(conv(x, f[0], 3))
        elif "ap" in opts: x = layers.AveragePooling2D(2)(conv(x, f[0], 3))
        else: x = conv(x, f[0], 5, 2, (2, 1)) if "k5" in opts else conv(x, f[0], 3, 2, (1, 0))
    elif "stem" in opts:  # full resolution first
        x = conv(x, 8, 3); x = conv(x, f[0], 3, 2, (1, 0))
    elif "stem16" in opts:
        x = conv(x, 16, 3); x = conv(x, f[0], 3, 2, (1, 0))
    elif "avg" in opts:  # conv at full res, then average pooled
        x = conv(x, f[0], 5); x = layers.AveragePooling2D(2)(x)
    elif "max" in opts:
        x = conv(x, f[0], 5); x = layers.MaxPooling2D(2)(x)
    else:
        x = conv(x, f[0], 5, 2, (2, 1))
    x = conv(x, f[1], 3)
    if "se" in opts: x = se(x)
    if "cmax" in opts: x = conv(x, f[2], 3); x = layers.MaxPooling2D(2)(x)
    else: x = conv(x, f[2], 3, 2, (0, 1))
    if "asym" in opts:
        for _ in range(3): x = conv(conv(x, f[3], (1, 3)), f[3], (3, 1))
        y = z = x
    elif "squeeze" in opts:
        for _ in range(3): x = conv(conv(x, f[3], 1), f[4], 3)
        y = z = x
    elif "bottle" in opts:
        for _ in range(4): x = layers.ReLU(dtype=PREC)(x + conv(conv(conv(x, f[3], 1), f[3], 3), f[2], 1, linear=True))
        y = z = x
    elif "group" in opts:
        def G(x, f):
            a, b = ops.split(x, 2, -1)
            y = ops.concatenate([layers.Conv2D(f // 2, 3, padding="same", use_bias=False, kernel_initializer="he_normal", dtype=PREC)(t) for t in (a, b)], -1)
            return layers.ReLU(dtype=PREC)(N.BatchNormalization(momentum=.95, dtype=PREC)(y))
        for _ in range(2): x = conv(G(x, f[4]), f[3], 1)
        x = G(x, f[4]); y = z = x
    else:
        y = conv(x, f[3], 3)
        if "se" in opts: y = se(y)
        z = conv(y, f[4], 3)
    if "res" in opts: z = z + y
    if "se" in opts: z = se(z)
    x = z
    if "cat" in opts: x = ops.concatenate([y, z], -1)
    if "film" in opts:
        g = layers.Dense(x.shape[-1], kernel_initializer="zeros", bias_initializer="zeros")(ops.sigmoid(ml) - 0.5)
        x = ops.relu(x * (1 + g[:, None, None, :]))
    kept = layers.SpatialDropout2D(dropout)(x)
    if "edrop" in opts: kept = layers.Dropout(dropout)(x)
    ev = layers.Conv2D(10, 1, name="evidence")(kept); df = layers.Conv2D(10, 1, name="evidence_difference", kernel_initializer="zeros")(kept)
    if "place" in opts:  # weights of each place beside the shared ones
        p = layers.LocallyConnected2D if False else None
        w = kept.shape[1]
        flat = layers.Reshape((w * w, kept.shape[-1]))(kept)
        ev = ev + layers.Reshape((w, w, 10))(layers.EinsumDense("bpc,pck->bpk", output_shape=(w * w, 10), kernel_initializer="zeros", name="evidence_place")(flat))
    fp = layers.Reshape((1, 1, 1))(ops.sigmoid(ml) - 0.5)
    hidden = layers.Dense(64, activation="relu")(N._pooled(x))
    dl = layers.Dense(1, name="digit_logit")(layers.Dropout(dropout)(hidden))
    return keras.Model([ink, ml], {"evidence": ev + fp * df, "digit_logit": ops.squeeze(dl, axis=1)}, name="reader")
N.build_reader = reader
Z = pickle.load(open("/work/x/cpu.pkl", "rb")); c = TrainingConfig(seed=seed); rng = np.random.default_rng(seed)
net = N.build_evidence_network(c.dropout, PREC); img, ink = stored_ink()
aug = augmented(ink, c)
out = N.evidence_outputs(net.get_layer("mnist_detector"), net.get_layer("reader"), ink, aug)
BATCH = 64 if "b64" in opts else 128
class Linear(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        t = ops.cast(step, "float32"); w = 570.0 * 128 / BATCH
        return c.learning_rate * ops.where(t < w, 0.01 + 0.99 * t / w, (steps - t) / (steps - w))
    def get_config(self): return {}
import dataclasses
for o in opts:
    if o.startswith("lr"): c = dataclasses.replace(c, learning_rate=float(o[2:]))
if steps == 2: steps = 600; only_count = True
else: only_count = False
m = compile_evidence_model(img, out, c, Linear() if "lin" in opts else cosine_decay(c, 570 * 128 // BATCH, steps / (570 * 128 // BATCH), max([0.0] + [float(o[5:]) for o in opts if o.startswith('floor')])))
if steps == 2: steps_ = 600
from drawn_digits.training.network import NUM_CLASSES
def macs():
    t = 0
    for mm in (net.get_layer("reader"), net.get_layer("mnist_detector")):
        for l in mm.layers:
            if isinstance(l, layers.Conv2D): k = l.kernel.shape; t += int(np.prod(k)) * l.output.shape[1] * l.output.shape[2]
    return t / 1e6
print(arm, "MACs %.2fM" % macs(), file=sys.stderr, flush=True)
if only_count: sys.exit()
meas = N.with_class_logits(net)
n = len(Z["mnist"]); held = (np.arange(n) // 500) % 3 == 0
M = Z["mnist"].take(np.flatnonzero(~held)); V = Z["mnist"].take(np.flatnonzero(held))
def answers(s): return meas.predict((s.images / 255).astype(np.float32), batch_size=1000, verbose=0)
ei = 0; buf = []; spent = 0.0; SC = {}
def chosen(name, s):
    """As many as there are: half of them any, half of the hardest fifth as the network now reads them."""
    global spent
    if ei < 2: return s.take(rng.permutation(len(s)))
    t = time.time()
    if name not in SC or ei - SC[name][0] >= 2:
        l = answers(s)["logits"].astype(np.float64); l -= l.max(1, keepdims=True)
        SC[name] = ei, np.log(np.exp(l).sum(1)) - l[np.arange(len(l)), s.labels]
    spent += time.time() - t
    loss = SC[name][1]; n = len(s); hard = np.argsort(-loss)[: n // 5]
    return s.take(np.concatenate([rng.permutation(n)[: n - n // 2], rng.choice(hard, n // 2, replace=n // 2 > len(hard))]))
def pool():
    global ei
    if "hard" in opts:
        parts = [chosen("M", M), *(chosen(k, Z[k]) for k in (f"own{ei%2}", f"hands{2*ei%4}", f"hands{(2*ei+1)%4}")), Z["non"].take(rng.permutation(len(Z["non"]))[:10000])]; ei += 1
        s = concatenate(parts); return s.take(rng.permutation(len(s)))
    if "monly" in opts: ei += 1; return M.take(rng.permutation(len(M)))
    if "ponly" in opts or "m80" in opts:
        pens = [Z[f"own{ei%2}"], Z[f"hands{2*ei%4}"], Z[f"hands{(2*ei+1)%4}"], Z["non"].take(rng.permutation(len(Z["non"]))[:10000])]; ei += 1
        if "m80" in opts: pens = [p.take(rng.permutation(len(p))[: len(p) * 2 // 9]) for p in pens] + [M]
        s = concatenate(pens); return s.take(rng.permutation(len(s)))
    if "mpen" in opts:  # without the non-digits
        parts = [M.take(rng.permutation(len(M))), Z[f"own{ei%2}"], Z[f"hands{2*ei%4}"], Z[f"hands{(2*ei+1)%4}"]]; ei += 1; s = concatenate(parts); return s.take(rng.permutation(len(s)))
    parts = [M.take(rng.permutation(len(M))), Z[f"own{ei%2}"], Z[f"hands{2*ei%4}"], Z[f"hands{(2*ei+1)%4}"], Z["non"].take(rng.permutation(len(Z["non"]))[:10000])]; ei += 1
    s = concatenate(parts); return s.take(rng.permutation(len(s)))
def draw(count):
    global buf
    while sum(map(len, buf)) < count: buf.append(pool())
    s = concatenate(buf); r = s.take(np.arange(count)); buf = [s.take(np.arange(count, len(s)))]; return r
ema = None
for o in opts:
    if o.startswith("ema"):
        decay = float(o[3:]); ema = [keras.ops.convert_to_numpy(v).copy() for v in net.weights]
        class EMA(keras.callbacks.Callback):
            n = 0
            def on_train_batch_end(self, batch, logs=None):
                self.n += 1
                if self.n % 10: return
                d = min(decay ** 10, (1 + self.n) / (10 + self.n))
                for e, v in zip(ema, net.weights): e *= d; e += (1 - d) * v.numpy()
        cb = [EMA()]
if ema is None: cb = []
a = time.time(); done = 0
while done < steps:
    ch = min(500, steps - done); set_strength(m, 1.0 if done < steps * 2 / 3 else .5)
    x, y, w = evidence_arguments(draw(ch * BATCH)); m.fit(x, y, sample_weight=w, batch_size=BATCH, shuffle=False, verbose=0, callbacks=cb); done += ch
if ema is not None:
    print(arm, "last", flush=True)
def read(s):
    l = answers(s)["logits"].astype(np.float64); best = min((float(np.mean(np.log(np.exp(l/T-(l/T).max(1, keepdims=True)).sum(1))-(l/T-(l/T).max(1, keepdims=True))[np.arange(len(l)), s.labels])), T) for T in np.arange(.4, 2, .1)); return int((l.argmax(1) != s.labels).sum()), round(best[0]*1e4), round(best[1], 1)
def report(tag=""):
    print(arm + tag, seed, steps, "pendigits", *read(concatenate([Z["any0"], Z["any1"]])), "mnist", len(V), *read(V), round(time.time()-a), "s", flush=True)
report()
if ema is not None:
    for e, v in zip(ema, net.weights): v.assign(e)
    report(" averaged")

if "ft" in opts:
    net.save_weights(f"/work/x/lab3/base_{seed}.weights.h5")
    rd = net.get_layer("reader"); start = [keras.ops.convert_to_numpy(v).copy() for v in net.weights]
    names = [l.name for l in rd.layers]
    convs = [i for i, l in enumerate(rd.layers) if isinstance(l, layers.Conv2D) and "evidence" not in l.name]
    for tag, first, rate, k, mix in (("last2", 4, 1e-3, 1500, 0), ("last1", 5, 1e-3, 1500, 0), ("all", 0, 1e-3, 1500, 0), ("last2", 4, 3e-3, 1500, 0), ("last2mix", 4, 1e-3, 1875, 1), ("last3", 3, 1e-3, 1500, 0)):
        for v, w in zip(net.weights, start): v.assign(w)
        for i, l in enumerate(rd.layers): l.trainable = i >= convs[first] and "digit" not in l.name and not isinstance(l, layers.Dense)
        net.get_layer("mnist_detector").trainable = False
        c = dataclasses.replace(c, learning_rate=rate); steps = k
        out = N.evidence_outputs(net.get_layer("mnist_detector"), rd, ink, aug)
        m = compile_evidence_model(img, {"evidence": out["evidence"]}, c, cosine_decay(c, 150, k / 150))
        set_strength(m, .5); done = 0; buf = []
        opts.discard("m80"); opts.discard("monly"); opts.add("m80" if mix else "monly")
        while done < k:
            x, y, w = evidence_arguments(draw(min(500, k - done) * BATCH)); y = {"logits": y["logits"]}; w = {"logits": w["logits"]}
            m.fit(x, y, sample_weight=w, batch_size=BATCH, shuffle=False, verbose=0); done += 500
        report(f" ft {tag} lr {rate} {k}")
