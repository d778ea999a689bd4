from contextlib import ExitStack, suppress

import gevent
import pytest

from drawn_digits.web.gate import Act, Gate, NextLook
from drawn_digits.web.problems import Busy

pytestmark = pytest.mark.alone


def test_as_many_as_the_gate_admits_are_in_progress_and_one_more_is_refused() -> None:
    gate = Gate(2)
    with gate.admit():
        assert (gate.in_progress, gate.is_full) == (1, False)
        with gate.admit():
            assert (gate.in_progress, gate.is_full) == (2, True)
            with pytest.raises(Busy, match="answers are in progress"), gate.admit():
                pass
    assert gate.in_progress == 0


def test_an_answer_that_fails_makes_room() -> None:
    gate = Gate(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.admit():
            raise ZeroDivisionError
    assert gate.in_progress == 0


def test_after_a_refusal_fewer_are_admitted_until_it_is_calm() -> None:
    now = [0.0]
    gate = Gate(4, lambda: now[0])
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(gate.admit())
        with pytest.raises(Busy):
            stack.enter_context(gate.admit())
    assert count_admitted(gate) == 2
    now[0] = 1.5  # counting refused once more
    assert count_admitted(gate) == 4
    now[0] = 2.0
    assert count_admitted(gate) == 2


def test_after_a_long_look_all_are_refused_until_one_is_short_again() -> None:
    now, acts = [0.0], list[Act]()
    gate = Gate(4, lambda: now[0])
    gate.look_by(acts.append)

    def count_admitted_after(look: float) -> int:
        now[0] += look
        ending, acts[:] = acts[:], []
        for act in ending:
            act()
        return count_admitted(gate)

    gate.note_refusal()
    assert [count_admitted_after(look=s) for s in (0.01, 0.03, 0.02, 0.01)] == [2, 0, 0, 2]
    # Where so many ask all the time that refusals alone take as long, some are answered.
    assert [count_admitted_after(look=0.03) for _ in range(34)] == [0] * 32 + [2] * 2
    assert [count_admitted_after(look=s) for s in (0.01, 0.03)] == [2, 0]


def count_admitted(gate: Gate) -> int:
    """How many are admitted before one is refused."""
    admitted = 0
    with ExitStack() as stack, suppress(Busy):
        while True:
            stack.enter_context(gate.admit())
            admitted += 1
    return admitted


def test_an_answer_counts_until_the_loop_has_looked_once_more() -> None:
    """Else no gate is ever full where each answer is computed as soon as it is read."""
    gate, log = Gate(2), []
    gate.look_by(NextLook())

    def answer(name: str) -> None:
        try:
            with gate.admit():
                log.append(f"{name} computed")
        except Busy:
            log.append(f"{name} refused")

    gevent.joinall([gevent.spawn(answer, name) for name in "abcd"])
    assert log == ["a computed", "b computed", "c refused", "d refused"]
    gevent.sleep(0.01)
    assert gate.in_progress == 0
    gevent.spawn(answer, "e").join()
    assert log[-1] == "e computed"
