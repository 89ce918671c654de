"""Why a measurement can't be made, in one sentence."""


class Trouble(Exception):
    """What was measured would mean nothing."""
