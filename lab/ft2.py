"""argv: seed, then tag,first,rate,steps,data ... : trains on from base_SEED, with some of the reader's layers"""
import sys
seed, jobs = sys.argv[1], sys.argv[2:]
sys.argv = ["x", "full+s16+mp+F32,80,80,96,112", seed, "8000"]
src = open("cpu_readers.py").read().split("a = time.time(); done = 0")
exec(src[0])
a = time.time()
exec("def read(s):" + src[1].split("def read(s):")[1].split("report()\n")[0])
net.load_weights(f"/work/x/lab3/base_{seed}.weights.h5")
report(" base")
def digits(tag):
    p = Z["non"].take(np.arange(0, len(Z["non"]), 4)); neg = answers(p)["digit_logit"].ravel(); pos = answers(V)["digit_logit"].ravel(); pen = answers(Z["any0"].take(np.arange(0, len(Z["any0"]), 2)))["digit_logit"].ravel()
    auc = lambda a: round(float((np.searchsorted(np.sort(neg), a)).mean() / len(neg)), 5)
    print("   auc mnist", auc(pos), "pens", auc(pen), "means", pos.mean().round(2), pen.mean().round(2), neg.mean().round(2), flush=True)
digits("")
full = concatenate([Z["any0"], Z["any1"]])
for name, s in (("pendigits", full), ("mnist", V)):
    l = meas.predict((s.images / 255).astype(np.float32), batch_size=1000, verbose=0)["mnist_logit"]; print(name, "taken for MNIST", float((l > 0).mean()), flush=True)
rd = net.get_layer("reader"); start = [keras.ops.convert_to_numpy(v).copy() for v in net.weights]
convs = [i for i, l in enumerate(rd.layers) if isinstance(l, layers.Conv2D) and "evidence" not in l.name]
for job in jobs:
    tag, first, rate, k, data, strength = job.split(","); first, rate, k = int(first), float(rate), int(k)
    a = time.time()
    for v, w in zip(net.weights, start): v.assign(w)
    for i, l in enumerate(rd.layers): l.trainable = i >= convs[first] and "digit" not in l.name and not isinstance(l, layers.Dense)
    net.get_layer("mnist_detector").trainable = False
    c = dataclasses.replace(c, learning_rate=rate); steps = k
    out = N.evidence_outputs(net.get_layer("mnist_detector"), rd, ink, aug)
    m = compile_evidence_model(img, {"evidence": out["evidence"]}, c, cosine_decay(c, 150, k / 150))
    set_strength(m, float(strength)); done = 0; buf = []
    for o in ("m80", "monly", "ponly"): opts.discard(o)
    base_pool = pool
    if data == "mdig":
        for i, l in enumerate(rd.layers): l.trainable = i >= convs[first]
        m = compile_evidence_model(img, {"evidence": out["evidence"], "digit_logit": out["digit_logit"]}, c, cosine_decay(c, 150, k / 150)); set_strength(m, float(strength))
        def pool():
            global ei
            p = concatenate([Z[f"hands{ei%4}"], Z[f"own{ei%2}"]]); ei += 1
            s = concatenate([M, p.take(rng.permutation(len(p))[:6000]), Z["non"].take(rng.permutation(len(Z["non"]))[:6000])]); return s.take(rng.permutation(len(s)))
    elif data != "mixed": opts.add(data)
    while done < k:
        x, y, w = evidence_arguments(draw(min(500, k - done) * BATCH)); w["logits"] = w["logits"] * (y["mnist_logit"][:, 0] if data == "mdig" else 1); names = [n for n in ("logits", "digit_logit") if n == "logits" or data == "mdig"]; y = {n: y[n] for n in names}; w = {n: w[n] for n in names}
        m.fit(x, y, sample_weight=w, batch_size=BATCH, shuffle=False, verbose=0); done += 500
    report(" ft " + job); pool = base_pool; digits("")

