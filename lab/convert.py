"""A run of commit ef6ef8b, its 42 epochs done, as the present code would have left it then. argv: folder"""
import json, sys, os
from pathlib import Path
from dataclasses import asdict
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.train import save_weights
from drawn_digits.training import recipes
from drawn_digits.training.network import *
from drawn_digits.training.recipes import stored_ink, augmented, compile_evidence_model, cosine_decay
if __name__ == "__main__":
    run = RunFolder(Path(sys.argv[1]))
    old = json.loads(run.config_file.read_text())
    config = TrainingConfig(**old); assert old["epochs"] == 42
    run.config_file.write_text(json.dumps(asdict(config), indent=2) + "\n")
    network = build_evidence_network(config.dropout, config.precision)
    image, ink = stored_ink()
    model = compile_evidence_model(image, evidence_outputs(network.get_layer("mnist_detector"), network.get_layer("reader"), ink, augmented(ink, config)), config, cosine_decay(config, 10, 1))
    model.optimizer.build(model.trainable_variables)
    done, checkpoint = run.latest_checkpoint(); print(done, checkpoint)
    run.load_weights(model, checkpoint)
    network.get_layer("mnist_reader").set_weights(network.get_layer("reader").get_weights())
    save_weights(network, run.best_weights)
    run.calibration_file.unlink(missing_ok=True)
