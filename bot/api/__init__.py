"""The loopback interface of a running workspace: the command line's way in. Token-bound, this machine only."""
