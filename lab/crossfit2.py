import numpy as np
import drawn_digits.training.class_calibration as C
z = np.load('/work/x/val_logits.npz')
g = lambda n: (z[n+'_z'], z[n+'_m'], z[n+'_l'])
ps = slice(0, 3360); hs = slice(0, 3355)
def score(cal, zz, mm, ll):
    q = cal.apply(zz, mm); q = q - q.max(1, keepdims=True); lp = q - np.log(np.exp(q).sum(1, keepdims=True))
    return (q.argmax(1) != ll).sum(), -lp[np.arange(len(ll)), ll].mean()
mz, mm, ml = g('mnist')
print('mnist_share: mean', mm.mean(), 'below .9', (mm < .9).sum())
for prior in (2, 5, 10, 20, 40, 100, 400, 1e9):
    C._PRIORS = np.array([40., prior]); w = []; nl = []
    for r in range(20):
        rng = np.random.default_rng(r); o = rng.permutation(5000)
        for fit, mea in ((o[:2500], o[2500:]), (o[2500:], o[:2500])):
            parts = [(mz[fit], mm[fit], ml[fit]), tuple(a[ps] for a in g('all')), tuple(a[hs] for a in g('hands'))]
            cal = C.fit_class_calibration(*(np.concatenate([p[i] for p in parts]) for i in range(3)))
            a, b = score(cal, mz[mea], mm[mea], ml[mea]); w.append(a); nl.append(b)
    print(prior, 'wrong per 5000 out of half', 2 * np.mean(w), 'nll %.5f' % np.mean(nl), flush=True)
