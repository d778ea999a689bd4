import shutil
import subprocess
from pathlib import Path

import pytest

from drawn_digits.training import origin


def commit_all(folder: Path) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*name, "commit", "-qm", "a"]):
        subprocess.run(["git", *words], cwd=folder, check=True)


def test_a_copy_in_another_project_is_at_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitignore").write_text(".venv\n")
    commit_all(tmp_path)
    copy = tmp_path / ".venv" / "origin.py"
    copy.parent.mkdir()
    shutil.copy(origin.__file__, copy)
    monkeypatch.setattr(origin, "__file__", str(copy))
    assert origin.git_commit() == ""


def test_a_commit_is_named_in_full_and_changes_after_it_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "origin.py"
    shutil.copy(origin.__file__, copy)
    commit_all(tmp_path)
    monkeypatch.setattr(origin, "__file__", str(copy))
    commit = origin.git_commit()
    assert len(commit) == 40
    copy.write_text("")
    assert origin.git_commit() == commit + "-dirty"


def test_without_git_the_commit_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert origin.git_commit() == ""
