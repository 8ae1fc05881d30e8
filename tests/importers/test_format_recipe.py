"""The example of docs/add-a-format.md works as it stands."""

import re
from pathlib import Path

from data_access.importers.reading import inputs

RECIPE = Path(__file__).parents[2] / "docs/add-a-format.md"


def test_recipe_works_when_its_example_is_followed(tmp_path, importing, monkeypatch):
    importer, test = re.findall(r"```python\n(.*?)```", RECIPE.read_text(), flags=re.DOTALL)
    module, tests = {}, {}
    exec(compile(importer, "guestbook.py", "exec"), module)
    exec(compile(test, "test_guestbook.py", "exec"), tests)
    monkeypatch.setattr(inputs, "FORMATS", (module["FORMAT"], *inputs.FORMATS))
    tests["test_entries_become_posts_and_a_damaged_one_a_refusal"](tmp_path, importing)
