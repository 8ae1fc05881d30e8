"""Dictionary: each number, how it is computed, of whom, what it leaves out, and what it rests on here."""

import pandas as pd
import streamlit as st

from answers.catalogue import compute_metrics, list_areas, list_metrics
from ui.cache import ask
from ui.cards import describe_change
from ui.charts import show_trend
from ui.empty import nothing_here
from ui.filters import choose_filters
from ui.guard import guard
from ui.numbers import day_range, in_unit
from ui.score_dictionary import show_scores
from ui.tables import show_table

here = guard("dictionary")
filters = choose_filters(here)
st.title("Dictionary")
st.caption(
    "Every number that a page, the command line or a report shows. All are computed in one place, from this list."
)

if here.scope.newest_day is None:
    nothing_here("Nothing is here yet: the numbers come with what you import.", button="Import my data", page="data")

search = st.text_input(
    "Search", type="search", key="d_search", bind="query-params", placeholder="response, sentiment, share"
)
words = (search or "").lower().split()
areas = list_areas()
# drawn with words too, which look through all areas: the one that was chosen stays so
chosen_area = st.segmented_control(
    "About", list(areas), default=next(iter(areas)), key="d_about", bind="query-params", required=True
)
if words:
    st.caption("Words are looked for in all areas. Without words, the area above is shown.")
    found = [
        metric
        for metric in list_metrics()
        if all(word in f"{metric.name} {metric.label} {metric.question} {metric.formula}".lower() for word in words)
    ]
else:
    found = list(areas[chosen_area or next(iter(areas))])
if not found:
    if not show_scores(here.scope.settings, words):
        st.caption("No number is called so. Try another word.")
    st.stop()

answers = ask(here, compute_metrics, tuple(metric.name for metric in found), filters, scope=here.scope)
currency = here.scope.settings.currency
table = pd.DataFrame(
    {
        "Number": [metric.label for metric in found],
        "Now": [in_unit(answers[metric.name].value, metric.unit, currency=currency) for metric in found],
        "Change": [
            describe_change(answers[metric.name].value, answers[metric.name].previous, metric.unit) or ""
            for metric in found
        ],
        "It answers": [metric.question for metric in found],
        "Rests on": [answers[metric.name].coverage for metric in found],
        "Command line": [metric.name for metric in found],
    }
)
chosen = show_table(table, name="dictionary", alt="Every number with its value for the filters", select=True)
show_scores(here.scope.settings, words)
if chosen is None and len(found) > 1:
    st.caption("Choose a row to see how the number is computed.")
    st.stop()

metric = found[chosen or 0]
answer = answers[metric.name]
st.header(metric.label)
facts, trend = st.columns([2, 3])
with facts:
    st.markdown(
        f"**{in_unit(answer.value, metric.unit, currency=currency)}** in {day_range(filters.start, filters.end)}"
    )
    entries = {
        "Question": metric.question,
        "Formula": metric.formula,
        "Population": metric.population,
        "Leaves out": metric.excludes,
        "Rests on": answer.coverage or "all of them",
        "Better when": {"up": "higher", "down": "lower"}.get(metric.direction, "neither"),
        "Source": metric.source,
        "Command line": f"rapport metric {metric.name} --from {filters.start} --to {filters.last_day}",
    }
    st.dataframe(
        pd.DataFrame({"": list(entries), " ": list(entries.values())}).set_index(""),
        column_config={" ": st.column_config.TextColumn(" ", width="large")},
        alt=f"What {metric.label} is",
    )
with trend:
    by_day = ask(here, compute_metrics, (metric.name,), filters, "day", scope=here.scope, compare=False)[metric.name]
    show_trend(by_day.series.rename(columns={"period": "day"}), name=metric.label, unit=metric.unit, key="dictionary")
