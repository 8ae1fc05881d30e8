"""Server time of each page: how long a run of its script takes, with the store at hand, for a year and for a week.

Warm: the process is up and the page was seen before, but not with this filter. Cold: the first run of a page in a
server that has just come up, as it stands before anybody visits (``ui.warm_up``).
"""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st
from sqlalchemy import Engine, func, select
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from answers.catalogue import list_areas
from answers.influencer_lists import LISTS
from benchmarks.measure import Row
from benchmarks.post_search import choose_words
from data_access.models import derived, facts
from data_access.store import open_store, reading
from data_access.upsert import table
from ui.navigation import ENTRIES
from ui.warm_up import load_pages

ROOT = Path(__file__).parents[1]
WARM_MILLISECONDS, COLD_MILLISECONDS = 200, 1_000
#: How much longer a page may take on ten million posts than on forty thousand.
LONGER_AT_MOST = 1.5
TIMEOUT_SECONDS = 120
#: The tabs of each page, by the parameter of the address that names the open one.
TABS = {
    "dictionary": ("d_about", tuple(list_areas())),
    "engagement": (
        "e_tab",
        ("Where", "When", "How fast we answer", "Who comes back", "Who writes most", "What stands out"),
    ),
    "sentiment": (
        "s_tab",
        (
            *("Where", "By topic", "What people like and dislike"),
            *("Read and correct", "Day by day", "How right the scorer is"),
        ),
    ),
    "influencers": (
        "i_below",
        ("Communities", "Who bridges two communities", "Whose circle bought"),
    ),
    "journeys": ("j_tab", ("How they move on", "First channel", "Month of first sign", "Who is stuck")),
    "share_of_voice": ("v_tab", ("Over time", "By topic", "Praised and blamed", "Spikes")),
    "revenue": ("r_tab", ("Credit", "What acts go with", "Before or after", "Customers")),
    "organization": ("o_tab", ("People", "Signals", "Deals", "Orders", "Timeline")),
}
PERIODS = {"a year": {"f_period": "365 days"}, "a week": {"f_period": "7 days"}}
FILTERED = ("today", "engagement", "sentiment", "share_of_voice", "influencers", "journeys", "revenue", "search")


#: A server looks for components among the installed packages once, as it starts; AppTest with each run.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@dataclass(frozen=True)
class View:
    """A page with a part of it open: ``name`` in the table, ``parameters`` of its address."""

    page: str
    name: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PageTimes:
    """Milliseconds of a view by period and filter."""

    view: View
    milliseconds: dict[str, float]

    @property
    def slowest(self) -> float:
        return max(self.milliseconds.values())


def list_views(engine: Engine) -> list[View]:
    """Every page of the app with every tab of it, a person, a member of the team, an organisation, a search."""
    person, member, organization = _choose_subjects(engine)
    views = [View(entry.name, entry.name.replace("_", " ")) for entry in ENTRIES if entry.name not in TABS]
    words = zip(("a common word", "a rare word"), _choose_words(engine), strict=True)
    views += [View("search", f"search: {name}", {"words": word}) for name, word in words]
    views.append(View("profile", "profile of a person", {"person": str(person)}))
    views.append(View("profile", "profile of a member of the team", {"person": str(member)}))
    views.append(View("organization", "organisations"))
    views += [View("influencers", f"influencers: {one.title}", {"i_list": one.title}) for one in LISTS.values()]
    for page, (key, tabs) in TABS.items():
        named = {"organization": str(organization)} if page == "organization" else {}
        views += [View(page, f"{page.replace('_', ' ')}: {tab}", {key: tab} | named) for tab in tabs]
    return views


def _choose_subjects(engine: Engine) -> tuple[int, int, int]:
    """The person who wrote most of those of the first accounts, a member of the team, the first organisation that has
    people."""
    days, roles, accounts = table(derived.PersonDay), table(derived.AccountRole), table(facts.Identity)
    held = table(derived.PersonIdentity)
    with reading(engine) as session:
        most = select(days.c.person_id).where(days.c.person_id < 5_000).group_by(days.c.person_id)
        person = session.scalars(most.order_by(func.sum(days.c.posts).desc()).limit(1)).one()
        team = select(held.c.person_id).join(roles, roles.c.identity_id == held.c.identity_id)
        member = session.scalars(team.where(roles.c.role == derived.Role.TEAM).order_by(held.c.person_id)).first()
        known = select(func.min(accounts.c.organization_id))
        return int(person), int(member or person), int(session.scalars(known).one() or 0)


@lru_cache
def _choose_words(engine: Engine) -> tuple[str, str]:
    with reading(engine) as session:
        return choose_words(session)


def run_page(view: View, parameters: dict[str, str | list[str]]) -> float:
    """Milliseconds of one run of the page. Raises ``RuntimeError`` where the page fails."""
    app = _load(view.page)
    for name, value in (view.parameters | parameters).items():
        app.query_params[name] = value
    began = time.perf_counter()
    app.run()
    spent = 1_000 * (time.perf_counter() - began)
    if app.exception:
        raise RuntimeError(f"{view.name}: {app.exception[0].message}")
    return spent


def _load(page: str) -> AppTest:
    return AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=TIMEOUT_SECONDS)


def list_cases(engine: Engine, view: View) -> dict[str, dict[str, str | list[str]]]:
    """Parameters of the filters that a view is measured with, by what they say."""
    cases: dict[str, dict[str, str | list[str]]] = {name: dict(period) for name, period in PERIODS.items()}
    if view.page in FILTERED:
        network, channel = _choose_filters(engine)
        cases |= {f"{name}, a network": {**period, "f_network": [network]} for name, period in PERIODS.items()}
        cases |= {f"{name}, a channel": {**period, "f_channel": [channel]} for name, period in PERIODS.items()}
    return cases


@lru_cache
def _choose_filters(engine: Engine) -> tuple[str, str]:
    """The network and the label of the channel that have most posts."""
    rows, channels = table(derived.DailyActivity), table(facts.Channel)
    posts = func.sum(rows.c.posts).desc()
    with reading(engine) as session:
        busiest = session.execute(
            select(channels.c.name, channels.c.network)
            .join(rows, rows.c.channel_id == channels.c.id)
            .group_by(channels.c.id, channels.c.name, channels.c.network)
            .order_by(posts)
            .limit(1)
        ).one()
    return busiest.network, f"{busiest.name} · {busiest.network}"


def time_warm(engine: Engine, view: View, *, times: int = 2) -> PageTimes:
    """Each case's fewest milliseconds of ``times`` runs, each after the page was seen with another period."""
    found = {}
    for name, parameters in list_cases(engine, view).items():
        spent = []
        for _ in range(times):
            st.cache_data.clear()
            run_page(view, {"f_period": "28 days"})
            spent.append(run_page(view, parameters))
        found[name] = min(spent)
    return PageTimes(view, found)


def time_cold(url: str, page: str) -> float:
    """Milliseconds of the first run of a page in a new process that has loaded what a server loads as it starts."""
    code = (
        "import sys; from benchmarks.pages import View, run_page; from ui.warm_up import load_pages; "
        "load_pages(); print(run_page(View(sys.argv[1], sys.argv[1]), {}))"
    )
    environment = os.environ | {"RAPPORT_DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "-c", code, page], check=True, capture_output=True, text=True, cwd=ROOT, env=environment
    )
    return float(done.stdout.strip().splitlines()[-1])


def measure_pages(
    url: str, label: str, *, before: dict[str, float] | None = None
) -> tuple[list[Row], dict[str, float]]:
    """A row a view with its slowest case, warm, and a row a page, cold. ``before``: the medians of the views on a
    smaller store, to compare with. Returns the medians of this one, too."""
    os.environ["RAPPORT_DATABASE_URL"] = url
    engine = open_store(url)
    load_pages()  # as a server does that has just come up: the collector of cycles leaves alone what is loaded
    rows, medians = [], {}
    for view in list_views(engine):
        times = time_warm(engine, view)
        medians[view.name] = statistics.median(times.milliseconds.values())
        rows.append(_warm_row(times, label, medians[view.name], (before or {}).get(view.name)))
        print(rows[-1].name, rows[-1].value, flush=True, file=sys.stderr)
    for page in sorted({view.page for view in list_views(engine)}):
        spent = min(time_cold(url, page) for _ in range(2))
        goal = (f"under {COLD_MILLISECONDS} ms", spent < COLD_MILLISECONDS)
        rows.append(Row(f"{page.replace('_', ' ')}, cold ({label})", f"{spent:,.0f} ms", *goal))
        print(rows[-1].name, rows[-1].value, flush=True, file=sys.stderr)
    return rows, medians


def _warm_row(times: PageTimes, label: str, median: float, before: float | None) -> Row:
    shown = ", ".join(f"{name} {spent:,.0f}" for name, spent in times.milliseconds.items()) + " ms"
    goal, is_met = f"under {WARM_MILLISECONDS} ms", times.slowest < WARM_MILLISECONDS
    if before is not None:
        ratio = median / before
        shown += f"; {ratio:.2f} times the smaller store's"
        goal += f", at most {LONGER_AT_MOST} times"
        is_met = is_met and ratio <= LONGER_AT_MOST
    return Row(f"{times.view.name} ({label})", shown, goal, is_met)
