"""Make .venv from the locked requirements, unless it is made already. Plain Python 3.11, nothing installed.

python tools/bootstrap.py base     what serving needs
python tools/bootstrap.py dev      what tests and checks need as well

pip comes from the wheel in tools/pip, since Debian's python3 has none; every package is checked against
its hash. A stamp in .venv remembers what was installed, so the second run does nothing.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = ROOT / "tools" / "pip"


class Trouble(Exception):
    """Something the person at the keyboard can mend; English and Chinese."""


def main(arguments: list[str]) -> int:
    """Make the environment, and return the exit status."""
    if arguments not in (["base"], ["dev"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(__file__, encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once: the second finds everything done
            make(arguments[0])
    except Trouble as trouble:
        print(f"Error: {trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Error: the environment {VENV} could not be made: {error.strerror}.", file=sys.stderr)
        print(f"错误：无法建立运行环境 {VENV}：{error.strerror}。", file=sys.stderr)
        return 1
    return 0


def make(what: str) -> None:
    """Bring the environment up to date with `requirements/<what>.txt`."""
    stamp = VENV / f".{what}.stamp"
    wanted = fingerprint(what)
    if works() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not works():
        if VENV.exists():
            shutil.rmtree(VENV)
        venv.create(VENV, symlinks=True, with_pip=False)
        pip("install", "--no-index", "--no-deps", str(wheel()), by=str(wheel() / "pip"))
        (VENV / ".made-in").write_text(str(ROOT))
    print(
        f"Installing what requirements/{what}.txt locks; this takes a minute.  正在安装依赖，约需一分钟。",
        flush=True,
    )
    for old in VENV.glob(".*.stamp"):
        old.unlink()
    pip("install", "--require-hashes", "--requirement", str(ROOT / "requirements" / f"{what}.txt"))
    pip("install", "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp.write_text(wanted)
    if what == "dev":  # which holds all of base
        (VENV / ".base.stamp").write_text(fingerprint("base"))


def works() -> bool:
    """Whether the environment is here, was made in this place, and its Python still runs."""
    made_in = VENV / ".made-in"
    if not made_in.exists() or made_in.read_text() != str(ROOT):
        return False
    probe = [str(PYTHON), "-c", "import sys; print(sys.version_info[:2])"]
    try:
        said = subprocess.run(probe, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return said.returncode == 0 and (VENV / "lib" / version_folder(said.stdout)).is_dir()


def version_folder(version: str) -> str:
    """Return the folder that Python's packages lie in: "(3, 11)" gives "python3.11"."""
    major, minor = version.strip().strip("()").split(", ")
    return f"python{major}.{minor}"


def fingerprint(what: str) -> str:
    """Return a hash over all that decides what is installed."""
    digest = hashlib.sha256()
    for path in (ROOT / "requirements" / f"{what}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def wheel() -> Path:
    """Return pip's wheel, if it is the one in the manifest."""
    [part] = tomllib.loads((PIP / "MANIFEST.toml").read_text())["part"]
    [file] = part["file"]
    path = PIP / str(file["path"])
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
        raise Trouble(f"{path} is not the file in its manifest.  文件 {path} 与清单不符。")
    return path


def pip(*words: str, by: str = "-mpip") -> None:
    """Run pip in the environment, quietly, untouched by a person's own settings for other places."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    # -P: never take a module from the folder we stand in.
    command = [str(PYTHON), "-P", by, *words[:1], *quiet, *words[1:]]
    environ = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    for misleading in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_NO_INDEX"):
        environ.pop(misleading, None)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, env=environ, check=False)
    if done.returncode != 0:
        raise Trouble(
            "The packages could not be installed; the lines above say why (no network, or a full disk). "
            "依赖未能安装，原因见上文（多为网络不通或磁盘已满）。"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
