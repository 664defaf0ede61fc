"""Weight and paint of pages: this book, and the same pages as Jupyter Book makes them with its own theme.

The other side has the executed notebooks as they are, numbers as words, and charts that Vega draws in the page, its
library sent once by the same host. What its theme asks other hosts for (formulas) is neither sent nor counted.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from leadership_effects.build.printing.browser import chromium
from leadership_effects.build.site import BOOK
from leadership_effects.report.figures import VEGALITE

from benchmarks.copies import CHART, OurBook, Scratch
from benchmarks.findings import BenchError, Comparison, Finding, Side
from benchmarks.slow_phone import PHONE, Packed, hold_back, served

PATIENCE = 120  # seconds for charts to be drawn
SETTLED = 1500  # milliseconds without which a late paint would be missed
FIGURE = re.compile(
    r'<figure class="chart" id="([^"]+)" data-spec="lb:/figures/([^"]+)\.json">.*?</figure>', re.S
)
OBSERVE = """() => {
    window.biggest = 0;
    new PerformanceObserver((list) => { window.biggest = list.getEntries().at(-1).startTime; })
        .observe({ type: "largest-contentful-paint", buffered: true });
}"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
DRAWN = """() => document.querySelectorAll(
    "figure.chart[data-drawn=true], div.vega-embed:not(figure.chart *):has(canvas, svg)"
).length"""
NEXT = """() => document.querySelector("figure.chart:not([data-drawn])")
    ?.scrollIntoView({ block: "center", behavior: "instant" })"""
THROUGH = """async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
        scrollTo(0, y);
        await new Promise((done) => setTimeout(done, 60));
    }
}"""
EXTENSION = '''"""Roles and directives of the book in the fewest words: a number is its text, a chart is drawn by Vega in the page."""

import json
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

RESULTS = Path({results!r})


def num(name, rawtext, text, lineno, inliner, options={{}}, content=[]):
    notebook, _, key = text.strip().partition(".")
    results = json.loads((RESULTS / f"{{notebook}}.json").read_text(encoding="utf-8"))["results"]
    return [nodes.Text(results[key]["text"])], []


def words(name, rawtext, text, lineno, inliner, options={{}}, content=[]):
    return [nodes.Text(f"({{text}})")], []


class Chart(Directive):
    required_arguments = 1

    def run(self):
        chart = json.loads((RESULTS / "plain" / f"{{self.arguments[0]}}.json").read_text(encoding="utf-8"))
        return [nodes.raw("", chart, format="html")]


class Nothing(Directive):
    optional_arguments = 9
    has_content = True
    option_spec = type("Any", (dict,), {{"__missing__": lambda self, key: str, "__bool__": lambda self: True}})()

    def run(self):
        return []


def setup(app):
    app.add_role("num", num)
    for role in ("src", "insight"):
        app.add_role(role, words)
    app.add_directive("chart", Chart)
    for directive in {directives!r}:
        app.add_directive(directive, Nothing)
    return {{"parallel_read_safe": True}}
'''
MEASURES = {
    "first": ("bytes before anything is interactive", "bytes"),
    "whole": ("bytes when all was seen", "bytes"),
    "painted": ("first paint", "ms"),
    "biggest": ("largest paint", "ms"),
}


class PlainBook(Scratch):
    """The executed notebooks of a built copy under Jupyter Book's own theme and extensions."""

    def __init__(self, root: Path, made: OurBook) -> None:
        super().__init__(root)
        self.static = root / "plain_static"
        self.static.mkdir(exist_ok=True)
        results = self.build / "results"
        (results / "plain").mkdir(parents=True, exist_ok=True)
        source = made.build / "results" / made.release.name
        for path in source.glob("*.json"):
            (results / path.name).write_bytes(path.read_bytes())
        for path in (source / "figures").glob("*.json"):
            chart = drawn(path.stem, json.loads(path.read_text(encoding="utf-8")))
            (results / "plain" / path.name).write_text(json.dumps(chart), encoding="utf-8")
        for job in made.jobs():
            self._put(made.root / job.target, root / job.target)
        self._configure()

    def _put(self, executed: Path, target: Path) -> None:
        """Copy an executed notebook, each chart as Vega draws it in the page."""
        notebook = json.loads(executed.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                html = "".join(output.get("data", {}).get("text/html", []))
                if FIGURE.search(html):
                    output["data"]["text/html"] = FIGURE.sub(self._chart, html)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(notebook), encoding="utf-8")

    def _chart(self, found: re.Match[str]) -> str:
        path = self.build / "results" / "plain" / f"{found[2]}.json"
        chart: str = json.loads(path.read_text(encoding="utf-8"))
        return chart

    def _configure(self) -> None:
        import vl_convert

        library = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGALITE)
        (self.static / "vega.js").write_text(library, encoding="utf-8")
        path = self.root / "_config.yml"
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        settings["sphinx"] = {
            "local_extensions": {"bench_plain": "book/_ext"},
            "config": {
                "html_static_path": ["plain_static"],
                "html_js_files": [["vega.js", {"type": "module"}]],
                "bibtex_reference_style": "author_year",
                "suppress_warnings": ["myst.domains"],
            },
        }
        path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
        names = re.findall(
            r'add_directive\(\s*"([^"]+)"',
            "\n".join(p.read_text(encoding="utf-8") for p in (self.root / "book" / "_ext").rglob("*.py")),
        )
        text = EXTENSION.format(
            results=str(self.build / "results"), directives=sorted(set(names) - {"chart"})
        )
        (self.root / "book" / "_ext" / "bench_plain.py").write_text(text, encoding="utf-8")

    def compile(self) -> None:
        """Compile the pages with Jupyter Book."""
        self.run("-c", BOOK, "build", str(self.root), "--path-output", str(self.root))


def drawn(name: str, figure: dict[str, Any]) -> str:
    """Return a chart as HTML that Vega fills: title, specification, caption."""
    anchor = f"vis-{name.replace('.', '-')}"
    spec = json.dumps(figure["spec"]).replace("</", "<\\/")
    return (
        f'<figure><div id="{anchor}" style="width: 100%"></div><figcaption>{figure["caption"]}</figcaption></figure>'
        f'<script type="module">vegaEmbed("#{anchor}", {spec});</script>'
    )


def seen(browser: Any, url: str, charts: int) -> dict[str, float]:
    """Return weight and paint of a page on a slow phone, looked at from top to bottom until its charts are drawn."""
    context = browser.new_context(**PHONE)
    try:
        page = context.new_page()
        hold_back(context.new_cdp_session(page))
        page.add_init_script(f"({OBSERVE})()")
        Packed.sent.clear()
        answer = page.goto(url, wait_until="load", timeout=120_000)
        if answer is None or not answer.ok:
            raise BenchError(f"{url} is not there")
        found = {"first": float(sum(Packed.sent)), "painted": page.evaluate(PAINTED)}
        page.wait_for_timeout(SETTLED)
        found["biggest"] = page.evaluate("window.biggest")
        page.evaluate(THROUGH)
        page.wait_for_load_state("networkidle", timeout=120_000)
        stop = time.monotonic() + PATIENCE
        while page.evaluate(DRAWN) != charts:  # a page's own policy may forbid the browser to wait for code
            if time.monotonic() > stop:
                raise BenchError(f"{url}: {page.evaluate(DRAWN)} charts are drawn, wanted {charts}")
            page.evaluate(NEXT)
            page.wait_for_timeout(200)
        found["whole"] = float(sum(Packed.sent))
        return found
    finally:
        context.close()


def pages(folder: Path, ours: OurBook, repeat: int) -> Iterator[Finding]:
    """Compare the first page, the heaviest case and the synthesis."""
    plain = PlainBook(folder / "plain", ours)
    plain.compile()
    cases = ours.release.plan["cases"]
    heaviest = max(cases, key=lambda case: ours.page(case).stat().st_size)
    chosen = {
        "home": ("first page", "book/index"),
        "case": (f"case page {heaviest}, the heaviest", f"book/cases/{heaviest}"),
        "synthesis": ("synthesis page", "book/synthesis/synthesis"),
    }
    charts = {
        key: (ours.site / f"{page}.html").read_text(encoding="utf-8").count(CHART)
        for key, (_, page) in chosen.items()
    }
    measured: dict[tuple[str, str], list[dict[str, float]]] = {}
    with chromium("127.0.0.1") as browser, served(ours.site) as here, served(plain.site) as there:
        for _ in range(repeat):
            for key, (_, page) in chosen.items():
                for side, address in (("ours", here), ("other", there)):
                    measured.setdefault((key, side), []).append(
                        seen(browser, f"{address}/{page}.html", charts[key])
                    )
    for key, (title, _) in chosen.items():
        for measure, (words, unit) in MEASURES.items():
            ours_values, theirs = (
                tuple(one[measure] for one in measured[key, side]) for side in ("ours", "other")
            )
            yield Comparison(
                f"page_{key}_{measure}", "pages", f"{title.capitalize()}: {words}",
                "Sent compressed to Chromium as a phone: processor four times slower, 1.6 Mbit/s, 150 ms a round trip.",
                Side("this book", ours_values), Side("Jupyter Book, its own theme, charts drawn by Vega", theirs), unit,
            )  # fmt: skip
