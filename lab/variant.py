import sys,re
from pathlib import Path
names=sys.argv[1].split("+"); N=Path("src/drawn_digits/training/network.py"); R=Path("src/drawn_digits/training/recipes.py"); n=N.read_text(); r=R.read_text()
def sub(s,a,b,count=1):
    assert s.count(a)>=1,a
    return s.replace(a,b)
if "silu" in names:
    n=sub(n,"    convolve = partial(_convolve, precision=precision)\n","    convolve = partial(_convolve, activation=\"silu\", precision=precision)\n")
    n=sub(n,"    padding: str | tuple[int, int] = \"same\",\n    *,\n    precision: str,\n","    padding: str | tuple[int, int] = \"same\",\n    activation: str = \"relu\",\n    *,\n    precision: str,\n")
    n=sub(n,"    return layers.ReLU(dtype=precision)(x)\n","    return layers.Activation(activation, dtype=precision)(x)\n")
if "d2" in names:
    n=sub(n,"READER_FILTERS = (16, 40, 80, 80, 112, 112)","READER_FILTERS = (16, 16, 40, 64, 80, 96, 112)")
    a=n.index("    x = convolve(x, filters[0], size=3)"); b=n.index("    kept = layers.SpatialDropout2D")
    n=n[:a]+'''    x = convolve(x, filters[0], size=3)
    x = convolve(x, filters[1], size=3)
    # A stride of 2 looks half a step beside its middle; the second looks to the other side, so
    # that the evidence lies on the ink that it is about.
    x = convolve(x, filters[2], size=3, strides=2, padding=(1, 0))
    x = convolve(x, filters[3], size=3)
    x = convolve(x, filters[4], size=3, strides=2, padding=(0, 1))
    x = convolve(x, filters[5], size=3)
    x = convolve(x, filters[6], size=3)
'''+n[b:]
    r=sub(r,"MNIST_FILTERS = (16, 32, 64, 64, 96, 96)","MNIST_FILTERS = (16, 16, 32, 56, 64, 80, 96)")
if "mp" in names:
    n=sub(n,"READER_FILTERS = (16, 40, 80, 80, 112, 112)","READER_FILTERS = (16, 32, 80, 80, 96, 112)")
    n=sub(n,"    x = convolve(x, filters[1], size=3, strides=2, padding=(1, 0))\n","    x = layers.MaxPooling2D(2, dtype=precision)(convolve(x, filters[1], size=3))\n")
if "res" in names:
    n=sub(n,"    x = convolve(x, filters[5], size=3)\n","    x = layers.Add(dtype=precision)([x, convolve(x, filters[5], size=3)])\n")
if "lin" in names:
    a=r.index("    steps = int(steps_an_epoch * epochs)\n"); b=r.index("def compile_evidence_model")
    r=r[:a]+'''    steps = int(steps_an_epoch * epochs)
    warmup_steps = min(int(steps_an_epoch * config.warmup_epochs), steps // 2)
    return WarmUpAndDown(config.learning_rate, warmup_steps, steps, lowest)


@keras.saving.register_keras_serializable(package="drawn_digits")
class WarmUpAndDown(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """From a hundredth of ``peak`` up in ``warmup_steps``, and straight down until ``steps``."""

    def __init__(self, peak: float, warmup_steps: int, steps: int, lowest: float = 0.0) -> None:
        super().__init__()
        self._peak, self._warmup_steps, self._steps, self._lowest = peak, warmup_steps, steps, lowest

    def __call__(self, step: Any) -> Any:
        step = ops.cast(step, "float32")
        up = 0.01 + 0.99 * step / max(self._warmup_steps, 1)
        left = (self._steps - step) / (self._steps - self._warmup_steps)
        down = ops.maximum(left, 0.0) * (1 - self._lowest) + self._lowest
        return self._peak * ops.where(step < self._warmup_steps, up, down)

    def get_config(self) -> dict[str, Any]:
        return {
            "peak": self._peak,
            "warmup_steps": self._warmup_steps,
            "steps": self._steps,
            "lowest": self._lowest,
        }


'''+r[b:]
N.write_text(n); R.write_text(r)
