"""Kernels forked from a process that has the libraries loaded, so that no notebook waits for its imports.

Each worker keeps one such process (the standard library's fork server). It holds libraries and nothing else: no notebook
runs in it and no module of the package is loaded, so that every kernel starts as clean as one started from nothing,
and reads the package as it is on disk at that moment. Papermill and nbclient notice no difference.
"""

from __future__ import annotations

import os
import sys
import threading
import types
from importlib.metadata import EntryPoint
from multiprocessing import forkserver, get_context, parent_process
from pathlib import Path
from typing import Any, cast

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

LIBRARIES = (
    "altair", "ipykernel.kernelapp", "numpy", "pandas", "scipy.optimize", "scipy.special", "scipy.stats",
    "statsmodels.api", "statsmodels.formula.api", "vl_convert", "yaml",
)  # fmt: skip
NAME = "forked"
SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
ERRORS = 2  # file descriptor of standard error


def preload_libraries() -> None:
    """Start loading the libraries and let every kernel of this process be forked from there.

    Elsewhere than on Linux, where libraries do not promise to survive a fork, kernels start as always.
    """
    if sys.platform != "linux":
        return
    # A child repeats the imports of its parent's main module; a kernel is to have none of the build's.
    sys.modules["__main__"] = types.ModuleType("__main__")
    os.environ |= SETTINGS  # read when a process starts or a library is loaded, so not by the kernel itself
    forkserver.set_forkserver_preload(list(LIBRARIES))
    forkserver.ensure_running()  # returns at once; the libraries load meanwhile
    factory = KernelProvisionerFactory.instance()
    group = KernelProvisionerFactory.GROUP_NAME
    factory.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:ForkedKernel", group)
    factory.default_provisioner_name = NAME


class ForkedKernel(LocalProvisioner):
    """Start, watch and end one forked kernel, in place of a command of its own."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel; the command is not needed, since all it names is the connection file."""
        environment = dict(kwargs["env"])
        log = str(Path(environment["LEADERSHIP_BUILD"]) / "kernel.log")
        assert self.parent is not None
        arguments = (self.parent.connection_file, environment, kwargs.get("cwd"), log)
        process = get_context("forkserver").Process(target=serve, args=arguments)
        process.start()
        self.process = cast(Any, _Command(process))
        self.pid = process.pid
        return self.connection_info


class _Command:
    """A process of `multiprocessing` with the methods of `subprocess.Popen` that a provisioner calls."""

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


def serve(connection_file: str, environment: dict[str, str], folder: str | None, log: str) -> None:
    """Be a kernel until it is shut down: what the command ``python -m ipykernel_launcher`` does.

    Parameters
    ----------
    connection_file : str
    environment : dict
        Variables, in place of those of the process forked from.
    folder : str, optional
        Working folder.
    log : str
        File that takes what is written to the process's own standard error.
    """
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    with Path(log).open("a") as stream:
        os.dup2(stream.fileno(), ERRORS)
    os.environ.clear()
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
    first = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [*filter(None, first), *(path for path in sys.path if path not in {"", *first})]
    if folder:
        os.chdir(folder)
    exit_with_parent()
    sys.argv = ["ipykernel_launcher", "-f", connection_file]
    # The parent was read from the environment when ipykernel was loaded; now it is the fork server.
    IPKernelApp.launch_instance(sys.argv[1:], parent_handle=os.getppid())


def exit_with_parent() -> None:
    """End this process as soon as the one that started it is gone, however it ended."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
