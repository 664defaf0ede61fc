"""Set the data release that the book shows, and let its pages name it.

Pages write ``{{ release }}``, ``{{ data_folder }}``, ``{{ results_folder }}`` and ``{{ published_folder }}`` where the
current release is named; a release of the past is written out. ``{{ repository }}`` is the word, linked to
``lb_repository`` if that is set, and ``{{ repository_address }}`` a sentence that says where it is, or that this copy of
the site does not know.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.matching import get_matching_files

NO_ADDRESS = (
    "This copy of the site names no address of the repository and no contact: ask whoever sent it to you."
)


def set_release(app: Sphinx, config: Config) -> None:
    """Take the newest frozen release unless one is set, and define the substitutions of pages."""
    if not config.lb_release:
        from leadership_effects.data.release import newest_release  # loads pandas

        config.lb_release = newest_release(Path(app.srcdir) / "data")
    release, repository = config.lb_release, repository_address(config)
    config.myst_substitutions = {
        "release": release,
        "data_folder": f"`data/{release}`",
        "results_folder": f"`_build/results/{release}`",
        "published_folder": f"`analysis/published/{release}`",
        "repository": f"[repository]({repository})" if repository else "repository",
        "repository_address": f"The repository is at [{repository}]({repository})."
        if repository
        else NO_ADDRESS,
        **config.myst_substitutions,
    }


def repository_address(config: Config) -> str:
    """Return the address of the repository, or empty text.

    It has no slash at its end, and is empty if ``lb_repository`` is not set.

    Raises
    ------
    ConfigError
        If it does not begin with https://.
    """
    address = str(config.lb_repository or "").rstrip("/")
    if address and not address.startswith("https://"):
        raise ConfigError(f"_config.yml: lb_repository: {address!r} must begin with https://")
    return address


def data_address(config: Config) -> str:
    """Return the address of the folder of the release in the repository, or empty text."""
    address = repository_address(config)
    return f"{address}/tree/HEAD/data/{config.lb_release}" if address else ""


def exclude_unlisted(app: Sphinx, config: Config) -> None:
    """Exclude documents that the table of contents does not name.

    sphinx-external-toc does so by a pattern that holds the folder's name, and finds none in a folder with brackets.
    """
    site_map = getattr(config, "external_site_map", None)
    if site_map is None or not config.external_toc_exclude_missing:
        return
    listed, patterns = set(site_map), [f"**{suffix}" for suffix in config.source_suffix]
    found = get_matching_files(app.srcdir, patterns, config.exclude_patterns)
    unlisted = [name for name in found if listed.isdisjoint({name, str(Path(name).with_suffix(""))})]
    config.exclude_patterns = [*config.exclude_patterns, *unlisted]


def connect(app: Sphinx) -> None:
    """Register the settings and the event handler."""
    app.add_config_value("lb_release", "", "env", types=frozenset({str}))
    app.add_config_value("lb_repository", "", "env", types=frozenset({str}))
    app.add_config_value("lb_results", "", "env", types=frozenset({str}))
    app.connect("config-inited", set_release)
    app.connect("config-inited", exclude_unlisted, priority=900)  # after the contents are read
