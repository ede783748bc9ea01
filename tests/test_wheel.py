"""What is built carries all that it needs to run."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "service" / "web"
PACKAGES = ("domain", "event_store", "projections", "service")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_every_file_of_the_packages(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.is_relative_to(WEB)
    }
    built = {path.relative_to(ROOT).as_posix() for path in (WEB / "dist").rglob("*") if path.is_file()}
    assert "service/web/dist/index.html" in built, "the page was not built: make page"
    assert {name for name in carried if name.startswith("service/web/")} == built  # and none of its source
    assert wanted <= carried
    assert any(name.endswith("licenses/LICENSE") for name in carried)


def test_the_wheel_runs_away_from_its_source(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r})\n"
        "import service; assert 'installed' in service.__file__, service.__file__\n"
        "from service.cli.main import main; main(['load', 'hama-2024', '--store', 'sqlite:///wheel.db'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert '"appended": 74' in done.stdout
