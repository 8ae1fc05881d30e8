"""The commands of ``rapport``, a module a subject; ``jobs.cli`` puts them together."""
