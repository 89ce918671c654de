"""Work to do later, in the gateway's own database: leases with a fencing token, timers, retries, a dead letter.

`Writing.enqueue` leaves a piece of work, a `Worker` runs it. What its handler writes in `Work.write` happens once,
whatever is killed and when; all else that a handler does may happen again.
"""

from gateway.jobs.handlers import Handler, Handlers, Timer
from gateway.jobs.work import LeaseLost, Work
from gateway.jobs.worker import Pace, Worker

__all__ = ["Handler", "Handlers", "LeaseLost", "Pace", "Timer", "Work", "Worker"]
