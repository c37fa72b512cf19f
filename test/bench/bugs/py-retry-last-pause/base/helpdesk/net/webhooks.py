"""Tells other programs what happened to a ticket."""

import json

from helpdesk.net.retry import GaveUp, Retry, TryLater

BUSY = (429, 503)


class Webhooks:
    """Posts events to every address that asked for them."""

    def __init__(self, post, retry=None):
        self._post = post
        self._retry = retry or Retry()
        self._targets = []
        self.failed = []

    def subscribe(self, url, events):
        self._targets.append((url, frozenset(events)))

    def publish(self, event, payload):
        """Send to all; returns how many took it. The others are in `failed`."""
        body = json.dumps({"event": event, **payload}, sort_keys=True)
        sent = 0
        for url, events in self._targets:
            if event not in events:
                continue
            try:
                self._retry.call(lambda: self._send(url, body))
                sent += 1
            except GaveUp as error:
                self.failed.append((url, str(error)))
        return sent

    def _send(self, url, body):
        status, after = self._post(url, body)
        if status in BUSY:
            raise TryLater(after or 0)
        if status >= 400:
            raise ConnectionError(f"{url} answered {status}")
