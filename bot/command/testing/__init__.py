"""A contract's own tests: synthetic series in, expected alarms out, through the same stage as a replay."""
