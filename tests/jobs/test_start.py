"""What a command, the shell's question and a job load before they do anything: each in a new interpreter."""

import os
import subprocess
import sys

import pytest

from answers.graph_export import FORMATS as GRAPHS
from answers.influencers import PERIODS, SCORES
from data_access.exchange import FILE_FORMATS
from jobs.commands import words
from jobs.credit_rows import CREDIT_BY, CREDIT_METRICS, SALES
from jobs.train import TRAINERS
from metrics.attribution import RULES
from metrics.influence_kinds import KINDS

ENGINES = {"sqlalchemy", "sqlmodel", "alembic", "psycopg"}
FRAMES = {"pandas", "numpy", "pyarrow", "openpyxl"}
SCIENCE = {"scipy.stats", "scipy.optimize", "scipy.sparse", "networkx", "splink", "duckdb", "sklearn", "statsmodels"}


def loaded(code: str, **environment: str) -> set[str]:
    """What a new interpreter has loaded once it has run ``code``."""
    tell = "import atexit, sys; atexit.register(lambda: print('LOADED', *sys.modules)); "
    done = subprocess.run(
        [sys.executable, "-c", tell + code], capture_output=True, text=True, check=True, env=os.environ | environment
    )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("LOADED "))
    return set(line.split())


@pytest.mark.parametrize(
    ("code", "environment"),
    [
        ("import sys; sys.argv = ['rapport', '--help']; from jobs.cli import app; app()", {}),
        (
            "from jobs.cli import app; app(prog_name='rapport')",
            {"_RAPPORT_COMPLETE": "complete_bash", "COMP_WORDS": "rapport metric --rule sh", "COMP_CWORD": "3"},
        ),
    ],
)
def test_help_and_the_shell_load_no_store_and_no_frames(code: str, environment: dict[str, str]) -> None:
    assert loaded(code, **environment) & (ENGINES | FRAMES | SCIENCE | {"rich"}) == set()


def test_a_job_says_that_it_has_begun_before_it_loads_what_it_works_with() -> None:
    assert loaded("import jobs.run") & ({"alembic", "psycopg"} | FRAMES | SCIENCE) == set()


def test_looking_loads_no_science() -> None:
    subjects = "answers.records, answers.scope, jobs.doctor, jobs.export, jobs.terminal, jobs.importing, jobs.refresh"
    assert loaded(f"import {subjects}") & ({"alembic", "psycopg"} | SCIENCE) == set()


def test_words_of_options_are_those_of_their_subjects() -> None:
    assert words.FILE_FORMATS == FILE_FORMATS
    assert words.CREDIT_RULES == RULES
    assert words.CREDIT_METRICS == CREDIT_METRICS
    assert (tuple(CREDIT_BY), tuple(SALES)) == (words.CREDIT_BY, words.SALES)
    assert tuple(TRAINERS) == words.MODELS
    assert (PERIODS, tuple(SCORES)) == (words.INFLUENCE_PERIODS, words.INFLUENCE_SCORES)
    assert KINDS == words.INFLUENCE_KINDS
    assert tuple(GRAPHS) == words.GRAPH_FORMATS
