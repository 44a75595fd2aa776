"""Rendering: facts and a language in, one HTML document out.

Every text is escaped by the template; only the charts, which are drawn here, go in as they are. Style sheet
and charts stand in the document, so that it needs nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from orchestration.report.cards import card_views, headline_of
from orchestration.report.details import kpi_views, other_views
from orchestration.report.plans import alert_views, objective_views, pacing_view
from orchestration.report.quality import publication_view, quality_view
from orchestration.report.speech import Speaker


def render_report(
    facts: Mapping[str, Any], *, lang: str, languages: Sequence[str], meta: Mapping[str, str]
) -> str:
    """The report of a brand and cadence.

    Args:
        facts: of :func:`orchestration.report.facts.read_facts`.
        lang: of the document.
        languages: every language that is written, for the links between them.
        meta: names and contents of ``<meta>`` elements, by which the file is known again.
    """
    speaker = Speaker(lang, calendar=facts["brand"]["calendar"])
    period = facts["period"]
    brand = speaker.name(facts["brand"])
    shown = speaker.label(period) if period else speaker.say("nothing_yet")
    cards = card_views(facts, speaker)
    return _environment().get_template("report.html.j2").render(
        s=speaker,
        say=speaker.say,
        meta=meta,
        title=speaker.say(
            "title", brand=brand, cadence=speaker.say(f"cadence.{facts['cadence']}"), period=shown
        ),
        brand=brand,
        cadence=speaker.say(f"cadence.{facts['cadence']}"),
        period=shown,
        has_data=period is not None,
        others_in=[each for each in languages if each != lang],
        own_cadence=facts["cadence"],
        index=index_name(lang, languages),
        headline=headline_of(facts, cards, speaker),
        cards=cards,
        kpis=kpi_views(facts, speaker),
        others=other_views(facts, speaker),
        objectives=objective_views(facts, speaker),
        pacing=pacing_view(facts, speaker),
        alerts=alert_views(facts, speaker),
        has_alerts=facts["has_alerts"],
        quality=quality_view(facts, speaker),
        publication=publication_view(facts, speaker),
    )  # fmt: skip


def render_index(
    brands: Sequence[Mapping[str, Any]], *, lang: str, languages: Sequence[str], meta: Mapping[str, str]
) -> str:
    """The index over brands and periods.

    Args:
        brands: each with ``name`` and ``reports``, one per cadence.
        lang: of the document.
        languages: every language that is written.
        meta: names and contents of ``<meta>`` elements, by which the file is known again.
    """
    speaker = Speaker(lang)
    return _environment().get_template("index.html.j2").render(
        s=speaker,
        say=speaker.say,
        meta=meta,
        brands=brands,
        others_in=[(each, index_name(each, languages)) for each in languages if each != lang],
        lead=speaker.say("index.lead", brands=speaker.count(len(brands))),
    )  # fmt: skip


def index_name(lang: str, languages: Sequence[str]) -> str:
    """File of the index: the first language has the plain name."""
    return "index.html" if lang == languages[0] else f"index.{lang}.html"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("orchestration.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    style = files("orchestration.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
    environment.globals["style"] = Markup(style)  # noqa: S704 - our own style sheet
    return environment
