"""Run kernels isolated from the user's settings and forked with the libraries loaded.

On Linux the build keeps one process with the libraries in memory (the standard library's fork server). No notebook runs
in it and no module of the package is loaded there but this one, so that every kernel starts as clean as one started from
nothing, and reads the package as it is on disk at that moment. Elsewhere each kernel is a command of its own.

A kernel sees no IPython profile, start-up file or Python setting of the user, and records the files that it opens.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from multiprocessing import active_children, forkserver, get_context, parent_process
from multiprocessing.util import get_temp_dir
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

LIBRARIES = (
    "altair", "ipykernel.kernelapp", "numpy", "pandas", "scipy.optimize", "scipy.special", "scipy.stats",
    "statsmodels.api", "statsmodels.formula.api", "vl_convert", "yaml",
)  # fmt: skip
FORKED, STARTED = "forked", "local-provisioner"
SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1"}
KEPT_SETTINGS = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
SOCKET_PATH_LENGTH = (
    70  # characters of a temporary folder that leave room for a socket's name within 108 bytes
)
STANDARD_ERROR = 2
READS, LOG = "reads.jsonl", "kernel.log"
LOCK, ENDING = threading.Lock(), threading.Event()
RENDERER: dict[str, str] = {}  # the variable that names the socket of the process that draws pictures


def kernel_environment(folder: Path) -> dict[str, str]:
    """Return a kernel's variables: the machine's, without settings of Python and Jupyter.

    Parameters
    ----------
    folder : Path
        Staging folder, in which IPython finds an empty folder of settings.
    """
    user = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT_SETTINGS or not name.startswith(("PYTHON", "IPYTHON", "JUPYTER"))
    }
    return user | SETTINGS | RENDERER | {"IPYTHONDIR": str(folder / "ipython")}


class KernelManager(AsyncKernelManager):
    """Manager of kernels of this interpreter, whatever kernels the user has installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The one kernel there is."""
        forked = KernelProvisionerFactory.instance().default_provisioner_name == FORKED
        return KernelSpec(
            argv=[sys.executable, "-c", f"from {__name__} import main; main()", "{connection_file}"],
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": FORKED if forked else STARTED}},
        )


def start_fork_server() -> None:
    """Start the process that kernels are forked from and the one that draws; return at once.

    Both load their libraries meanwhile.

    Elsewhere than on Linux, where libraries do not promise to survive a fork, kernels start as commands.
    """
    if sys.platform != "linux":
        return
    ENDING.clear()
    os.environ |= SETTINGS  # read when a process starts or a library is loaded, so not by the kernel itself
    if len(tempfile.gettempdir()) > SOCKET_PATH_LENGTH:  # TMPDIR, in which no socket could be opened
        tempfile.tempdir = "/tmp"
    with LOCK, _without_main_module():
        forkserver.set_forkserver_preload(list(LIBRARIES))
        forkserver.ensure_running()
        if not any(process.name == run_renderer.__name__ for process in active_children()):
            RENDERER["LEADERSHIP_RENDERER"] = address = os.path.join(get_temp_dir(), uuid4().hex[:8])
            context, name = get_context("forkserver"), run_renderer.__name__
            context.Process(target=run_renderer, args=(address,), name=name, daemon=True).start()
    factory = KernelProvisionerFactory.instance()
    group = KernelProvisionerFactory.GROUP_NAME
    factory.provisioners[FORKED] = EntryPoint(FORKED, f"{__name__}:ForkedKernel", group)
    factory.default_provisioner_name = FORKED


def run_renderer(address: str) -> None:
    """Draw the pictures of all notebooks in this forked process, whose renderer starts once."""
    exit_with_parent()
    sys.path[:] = [path for path in sys.path if path]
    from leadership_effects.report.pictures import serve_pictures

    serve_pictures(address)


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Hide the main module, whose imports a child process would repeat."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class ForkedKernel(LocalProvisioner):
    """Provisioner of a forked kernel, in place of a command of its own."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel; all that the command names is the connection file."""
        if ENDING.is_set():
            raise RuntimeError("the build was interrupted")
        assert self.parent is not None
        arguments = (self.parent.connection_file, dict(kwargs["env"]), kwargs.get("cwd"))
        process = get_context("forkserver").Process(target=run_kernel, args=arguments, daemon=True)
        with LOCK, _without_main_module():
            process.start()
        self.process = cast(Any, _Command(process))
        self.pid = process.pid
        return self.connection_info


class _Command:
    """Process of `multiprocessing` with the methods of `Popen` that a provisioner calls."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any) -> None:
        self.process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        code: int | None = self.process.exitcode
        return code

    def wait(self) -> int | None:
        self.process.join()
        return self.poll()

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()


def run_kernel(connection_file: str, environment: dict[str, str], folder: str | None) -> None:
    """Run a kernel in this forked process until it is shut down.

    Parameters
    ----------
    connection_file : str
    environment : dict
        Variables, in place of those of the process forked from.
    folder : str, optional
        Working folder.
    """
    os.setsid()
    os.environ.clear()
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
    first = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [*filter(None, first), *(path for path in sys.path if path not in {"", *first})]
    if folder:
        os.chdir(folder)
    exit_with_parent()
    serve_kernel(connection_file, os.getppid())


def main() -> None:
    """Run a kernel in a process of its own, with the variables of `kernel_environment`."""
    sys.path[:] = [path for path in sys.path if path]
    serve_kernel(sys.argv[1], int(os.environ["JPY_PARENT_PID"]))


def serve_kernel(connection_file: str, parent: int) -> None:
    """Answer a connection as an IPython kernel without profile, configuration or start-up files."""
    from ipykernel.kernelapp import IPKernelApp

    class IsolatedKernelApp(IPKernelApp):
        def load_config_file(self, *arguments: Any, **settings: Any) -> None:
            pass

        def _run_startup_files(self) -> None:
            pass

    folder = Path(os.environ["LEADERSHIP_BUILD"])
    with (folder / LOG).open("a") as stream:
        os.dup2(stream.fileno(), STANDARD_ERROR)
    record_reads(folder / READS)
    sys.argv = ["ipykernel_launcher", "-f", connection_file]
    # ipykernel reads the parent from the environment when it is loaded, which was before the fork.
    IsolatedKernelApp.launch_instance([*sys.argv[1:], "--HistoryManager.enabled=False"], parent_handle=parent)


def record_reads(record: Path) -> None:
    """Record the path of each file that this process opens to read, a JSON string a line.

    Left out are the files of the interpreter, its libraries and the operating system. What a library written in C opens
    by itself, or another process, is not seen.
    """
    system = tuple(
        {sys.prefix, sys.base_prefix, sys.exec_prefix, "/usr", "/etc", "/proc", "/sys", "/dev", "/lib"}
    )
    known: set[str] = set()
    stream = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str | bytes | os.PathLike):
            return
        path, mode, flags = arguments
        if set(mode or "") & set("wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR):
            return
        name = os.path.abspath(os.fsdecode(path))
        if name not in known and not name.startswith(system):
            known.add(name)
            os.write(stream, json.dumps(name).encode() + b"\n")

    sys.addaudithook(note)


def files_read(folder: Path) -> list[Path]:
    """Return the files that the kernel with this staging folder opened to read, in order."""
    lines = (folder / READS).read_text(encoding="utf-8").splitlines()
    return [Path(json.loads(line)) for line in lines]


def exit_with_parent() -> None:
    """End this process as soon as the one that started it is gone, however it ended."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def kill_kernels() -> None:
    """End the forked kernels of this process after an interruption, and start no other."""
    ENDING.set()
    for process in active_children():
        process.kill()
