"""Arrays as the batches that ``keras.Model`` is trained and measured with."""

from typing import Any

import keras


class Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """``arguments`` are what ``fit`` takes as arrays: inputs, and targets and sample weights.

    Each may be an array or a dict of arrays, all of one length. The batches come in their order;
    where nothing is learned, their size only decides how fast it goes.

    Of bare arrays, and with one worker, Keras makes a tf.data pipeline with autotuning. TensorFlow
    2.21 often ends such a one only when the tuner's next round is due, after 10 ms * 2^n: many a
    ``fit`` ended up to a minute late, all cores idle. With two workers Keras turns tuning off.
    """

    def __init__(self, arguments: tuple[Any, ...], batch_size: int = 500) -> None:
        super().__init__(workers=2)  # threads
        self._arguments, self._batch_size = arguments, batch_size
        self._count = len(keras.tree.flatten(arguments)[0])

    def __len__(self) -> int:
        return -(-self._count // self._batch_size)

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        rows = slice(number * self._batch_size, (number + 1) * self._batch_size)
        batch: tuple[Any, ...] = keras.tree.map_structure(lambda a: a[rows], self._arguments)
        return batch
