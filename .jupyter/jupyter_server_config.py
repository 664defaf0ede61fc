"""Settings of JupyterLab for this book, for `nox -s lab`, Binder and the dev container alike.

The server shows the notebooks and nothing else, so that every Python file it shows is one; what a notebook writes
goes to `_build/lab`, beside the published results and never over those of the build.
"""

import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LAB = Path(os.environ.get("LEADERSHIP_BUILD", ROOT / "_build")).absolute() / "lab"

c = get_config()  # noqa: F821  (Jupyter defines it)
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_root = True  # containers run as root; the token is asked for all the same
c.ServerApp.root_dir = str(ROOT / "analysis" / "notebooks")
c.LanguageServerManager.autodetect = False  # looks for language servers with npm, which writes to the home
# A checkpoint beside a notebook would be taken for a notebook.
for checkpoints in (c.FileCheckpoints, c.AsyncFileCheckpoints):
    checkpoints.checkpoint_dir = str(LAB / "checkpoints")

# Chapters across the places read the results of the cases: those published, until they are run here.
for results in sorted((ROOT / "analysis" / "published").glob("*/*.json")):
    target = LAB / "results" / results.parent.name / results.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(results, target.with_suffix(".copied")).replace(target)

# Kernels inherit these. The kernel of this folder is Python with the name that the sources have in their heads.
os.environ |= {
    "JUPYTER_PATH": os.pathsep.join(filter(None, (str(HERE), os.environ.get("JUPYTER_PATH")))),
    "LEADERSHIP_BUILD": str(LAB),
    "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT / "analysis"), os.environ.get("PYTHONPATH")))),
    "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
}
