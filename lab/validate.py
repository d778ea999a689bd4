"""validate.py RUN... : calibrated figures of validation."""
import sys
from pathlib import Path
import numpy as np

def main():
    from drawn_digits.training.calibrate import load_network, read_calibration, predict_logits
    from drawn_digits.training.class_calibration import ClassCalibration
    from drawn_digits.training.network import with_class_logits
    from drawn_digits.training.run_folder import RunFolder
    from drawn_digits.training.samples import mnist_samples, render, good_pens, concatenate
    from drawn_digits.training.data import load_digit_pens
    from drawn_digits.training.renderings import paint_anywhere, paint_variant
    cache = Path('/work/x/val_sets.npz')
    names = ['mnist', 'all', 'good', 'hands']
    from drawn_digits.training.samples import Samples
    if cache.exists():
        z = np.load(cache); sets = {n: Samples(z[n+'_i'], z[n+'_l'], z[n+'_m']) for n in names}
    else:
        pens, good = load_digit_pens('validation'), good_pens('validation')
        sets = {'mnist': mnist_samples('validation'),
          'all': concatenate([render(pens, paint_anywhere, np.random.default_rng(s)) for s in range(4)]),
          'good': concatenate([render(good, paint_anywhere, np.random.default_rng(s)) for s in range(4)]),
          'hands': concatenate([render(good, paint_variant, np.random.default_rng((i, 1))) for i in range(2)])}
        np.savez(cache, **{n+k: v for n, s in sets.items() for k, v in (('_i', s.images), ('_l', s.labels), ('_m', s.is_mnist))})
    for path in sys.argv[1:]:
        run = RunFolder(Path(path))
        net = with_class_logits(load_network(run)); c = read_calibration(run)
        cal = ClassCalibration(c.temperature, c.pen_biases, c.mnist_biases)
        for n, s in sets.items():
            p = predict_logits(net, s)
            z = cal.apply(p.logits, p.mnist_share)
            z = z - z.max(1, keepdims=True); lp = z - np.log(np.exp(z).sum(1, keepdims=True))
            print(path, n, len(s), 'wrong', int((lp.argmax(1) != p.labels).sum()), 'nll %.4f' % -lp[np.arange(len(s)), p.labels].mean(), flush=True)
if __name__ == '__main__':
    main()
