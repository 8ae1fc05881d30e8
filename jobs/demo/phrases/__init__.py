"""What people of the demo community say, as templates of ``jobs/demo/grammar.py``.

Sentences start in lower case and have no full stop: ``jobs/demo/texts.py`` and each person's style finish them.
Where a list is neutral in tone, its words are neutral for VADER too, so that the intended tone is a fair judge.
"""
