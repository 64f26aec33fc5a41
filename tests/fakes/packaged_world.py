"""The depot's packaged world, read once per test process: its YAML takes half a second, and nobody changes what it holds."""

from functools import cache

from depot.load import load_world

packaged_world = cache(load_world)
