"""Muon for convolutions: Keras' own optimizer gives it to matrices only."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="drawn_digits")
class ConvolutionMuon(keras.optimizers.Muon):  # type: ignore[misc]  # Keras has no types
    """Muon (Jordan et al. 2024) for kernels, a convolution's as the matrix [inputs, filters].

    An update is made orthogonal, so that no direction of a layer learns faster than another.
    AdamW, at the same learning rate and weight decay, trains what is no matrix (biases, scales),
    what ``exclude_layers`` names, and kernels of the first layer, which see one channel.
    """

    def _should_use_adamw(self, variable: Any) -> bool:
        if len(variable.shape) == 4:
            return bool(variable.shape[2] == 1)
        return bool(super()._should_use_adamw(variable))

    def _muon_update_step(self, gradient: Any, variable: Any, lr: Any, m: Any) -> None:
        self.assign_add(m, ops.add(gradient, m * (self.momentum - 1)))
        ahead = ops.add(gradient, self.momentum * m)  # Nesterov
        matrix = ops.reshape(ahead, (-1, variable.shape[-1]))
        update = self.lr_adjust(self.zeropower_via_newtonschulz5(matrix, self.ns_steps))
        self.assign_sub(variable, lr * ops.reshape(update, variable.shape))

    def _apply_weight_decay(self, variables: Any) -> None:
        """As Keras' own, which calculates a schedule's learning rate anew for every variable."""
        rate = self.learning_rate
        for variable in filter(self._use_weight_decay, variables):
            is_adamw = self._should_use_adamw(variable)
            decay = self.adam_weight_decay if is_adamw else self.weight_decay
            if decay is not None:
                variable.assign(variable - variable * decay * rate)
