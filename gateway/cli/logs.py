"""Where the log of a process goes: to stderr, a line for each event."""

from typing import Any

from gateway.cli.problem import Problem

LOG_LEVELS = ("debug", "info", "warning", "error")


def log_config(level: str) -> dict[str, Any]:
    """A plain dictionary, since each worker process of a server is handed it."""
    if level.lower() not in LOG_LEVELS:
        raise Problem(f"GATEWAY_LOG_LEVEL takes one of {', '.join(LOG_LEVELS)}", is_usage=True)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
    }
