"""Tries again what fails now and then."""

import random
import time
from dataclasses import dataclass


class GaveUp(Exception):
    """Every attempt failed; the last error is the cause."""

    def __init__(self, attempts, error):
        super().__init__(f"gave up after {attempts} attempts: {error}")
        self.attempts = attempts
        self.error = error


class TryLater(Exception):
    """The other side asks for a pause of so many seconds."""

    def __init__(self, seconds):
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Policy:
    """How often to try, and how long to wait in between.

    The pause doubles from `first_pause` up to `longest_pause`; `jitter` takes
    up to that share off it.
    """

    attempts: int = 4
    first_pause: float = 0.5
    longest_pause: float = 30.0
    jitter: float = 0.0

    def __post_init__(self):
        if self.attempts < 1:
            raise ValueError("there must be at least one attempt")

    def pause(self, failures):
        """Seconds to wait after this many failures."""
        pause = min(self.first_pause * 2 ** (failures - 1), self.longest_pause)
        return pause * (1 - self.jitter * random.random())


class Retry:
    """Calls an operation until it succeeds, with a pause between two attempts."""

    def __init__(self, policy=Policy(), retry_on=(OSError, TryLater), sleep=time.sleep):
        self._policy = policy
        self._retry_on = retry_on
        self._sleep = sleep

    def call(self, operation):
        """The operation's result.

        Raises GaveUp as soon as the last attempt has failed. Errors that are
        not worth another attempt go through as they are.
        """
        error = None
        for attempt in range(1, self._policy.attempts + 1):
            try:
                return operation()
            except self._retry_on as caught:
                error = caught
            if attempt < self._policy.attempts:
                self._sleep(self._wait(attempt, error))
        raise GaveUp(self._policy.attempts, error) from error

    def _wait(self, failures, error):
        pause = self._policy.pause(failures)
        return max(pause, error.seconds) if isinstance(error, TryLater) else pause
