"""What a contract may oblige people to do, as keys; ``bot/messages/zh/labels.j2`` says them in words.

Plain data, so that the workspace's check can refuse an unknown key.
"""

ACTS: frozenset[str] = frozenset(
    {
        "know",
        "top_up",
        "stop_outflow",
        "explain_movement",
        "restore_gauge",
        "dip_tank",
        "restore_papers",
        "recount",
        "verify_on_site",
        "check_price",
        "check_receipts",
        "renew_receipts",
        "explain_lift",
        "supervise",
        "follow_up",
        "decide",
        "buy_back",
    }
)
"""Allowed values of a duty's ``act``."""
