"""Where the README's figures come from. ``python -m benchmarks`` runs them all; each prints its distribution."""
