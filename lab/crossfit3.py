import numpy as np
import drawn_digits.training.class_calibration as C
N = [np.load(f'/work/x/bias_{s}.npz') for s in (0, 1)]
sig = lambda v: 1/(1+np.exp(-v.astype(np.float64).ravel()))
def score(cal, zz, mm, ll):
    q = cal.apply(zz, mm); q = q - q.max(1, keepdims=True); lp = q - np.log(np.exp(q).sum(1, keepdims=True))
    return (q.argmax(1) != ll).sum(), -lp[np.arange(len(ll)), ll].mean()
D = [(n['V_z'].astype(float), sig(n['V_m']), n['V_l'].astype(int), n['P_z'].astype(float), sig(n['P_m']), n['P_l'].astype(int)) for n in N]
for prior in (2, 5, 10, 20, 40, 100, 400, 1e9):
    C._PRIORS = np.array([40., prior]); R = {'same': [], 'other': []}
    for r in range(12):
        rng = np.random.default_rng(r); n = len(D[0][2]); o = rng.permutation(n); fit, mea = o[:5000], o[5000:]
        pf = rng.permutation(len(D[0][5]))[:6700]
        for i in (0, 1):
            z, m, l, pz, pm, pl = D[i]
            cal = C.fit_class_calibration(np.concatenate([z[fit], pz[pf]]), np.concatenate([m[fit], pm[pf]]), np.concatenate([l[fit], pl[pf]]))
            for k, j in (('same', i), ('other', 1 - i)):
                R[k].append(score(cal, D[j][0][mea], D[j][1][mea], D[j][2][mea]))
    print(prior, {k: 'wrong per 10,000: %.1f nll %.5f' % (np.mean([a for a, _ in v]) * 10000 / (n - 5000), np.mean([b for _, b in v])) for k, v in R.items()}, flush=True)
