import numpy as np, sys
from pathlib import Path
def main():
    import drawn_digits.training.class_calibration as C
    from drawn_digits.training.calibrate import load_network, predict_logits
    from drawn_digits.training.network import with_class_logits
    from drawn_digits.training.run_folder import RunFolder
    from drawn_digits.training.samples import Samples
    z = np.load('/work/x/val_sets.npz')
    net = with_class_logits(load_network(RunFolder(Path(sys.argv[1]))))
    P = {n: predict_logits(net, Samples(z[n+'_i'], z[n+'_l'], z[n+'_m'])) for n in ('mnist', 'all', 'hands')}
    np.savez('/work/x/val_logits.npz', **{n+k: v for n, p in P.items() for k, v in (('_z', p.logits), ('_m', p.mnist_share), ('_l', p.labels))})
if __name__ == '__main__': main()
