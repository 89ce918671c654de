"""partner-gateway serve: the gateway over HTTP, until it is told to stop."""

import argparse
import logging
import os
import signal
import socket
from dataclasses import replace
from math import ceil

import uvicorn
from uvicorn.supervisors import Multiprocess

from gateway.cli.logs import log_config
from gateway.cli.problem import Problem
from gateway.http.transport import JoinedProtocol
from gateway.settings import Settings

# Beyond the time that a request may take, so that SIGTERM cuts off none that is answered in time.
SHUTDOWN_MARGIN_SECONDS = 2
BACKLOG = 2048
# By name, since worker processes import it for themselves.
APP = "gateway.app:create_served_app"

_log = logging.getLogger("gateway.serve")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "serve",
        help="answer requests over HTTP",
        description="Answers requests over HTTP. SIGTERM lets what runs finish, and takes nothing new.",
    )
    parser.add_argument("--host", help="address to listen on; default GATEWAY_HOST")
    parser.add_argument("--port", type=int, help="port to listen on; default GATEWAY_PORT")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes; default %(default)s")
    parser.add_argument("--no-work", action="store_true", help="leave what is done later to `work` processes")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    settings = Settings.from_env()
    settings = replace(
        settings,
        host=settings.host if args.host is None else args.host,
        port=settings.port if args.port is None else args.port,
    )
    if args.no_work:
        # Each process that serves reads the settings for itself.
        os.environ["GATEWAY_SERVE_WORK"] = "0"
    _check(settings, args.workers)
    config = _config(settings, args.workers)
    listening = _listen(settings)
    host, port = listening.getsockname()[:2]
    _log.info("Listening on http://%s:%d", f"[{host}]" if ":" in host else host, port)
    if args.workers > 1:
        Multiprocess(config, sockets=[listening]).run()
        return 0
    # The server raises the signal again once it has finished; that it was told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    return 0 if server.started else 1


def _check(settings: Settings, workers: int) -> None:
    if workers < 1:
        raise Problem("--workers must be at least 1", is_usage=True)
    if not 0 <= settings.port <= 65_535:
        raise Problem("The port must be between 0 and 65535", is_usage=True)
    if workers > 1 and settings.rate_limit and not settings.redis_url:
        sentence = (
            "Several workers can't count requests together without GATEWAY_REDIS_URL:"
            " set it, or GATEWAY_RATE_LIMIT=0, or start one worker"
        )
        raise Problem(sentence, is_usage=True)


def _listen(settings: Settings) -> socket.socket:
    """Bound here, not by the server, whose only word for a port in use is a traceback in the log."""
    address = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(
            settings.host or None, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, place = found[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(BACKLOG)
    except OSError as error:
        raise Problem(f"Can't listen on {address}: {error.strerror or error}") from None
    listening.set_inheritable(True)
    return listening


def _config(settings: Settings, workers: int) -> uvicorn.Config:
    return uvicorn.Config(
        APP,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=workers,
        loop="uvloop",
        http=JoinedProtocol,
        ws="none",
        lifespan="on",
        log_config=log_config(settings.log_level),
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        backlog=BACKLOG,
        timeout_graceful_shutdown=ceil(settings.request_timeout) + SHUTDOWN_MARGIN_SECONDS,
    )
