from drawn_digits.training.classic_network import build_classic_network


def test_the_classic_network_has_thirteen_layers_and_its_known_size() -> None:
    network = build_classic_network()
    assert len(network.layers) == 13
    assert network.count_params() == 241_546
