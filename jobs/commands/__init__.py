"""The commands of ``rapport``, a module a subject; ``jobs.cli`` puts them together.

Every command's words are loaded whenever any of them runs, and whenever the shell asks what a word could become. So
these modules import only what those words need; what a command works with is imported where it runs.
"""
