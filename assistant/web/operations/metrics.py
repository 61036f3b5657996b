"""Figures for Prometheus: requests, answers, the process. Labels are templates and fixed words, never what somebody sent."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from assistant.settings import Settings
from assistant.types import Answer

_SECONDS = (0.01, 0.03, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE"}


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "assistant_requests_total", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        kept: dict[str, Any] = {"buckets": _SECONDS, "registry": self.registry}
        self._seconds = Histogram("assistant_request_seconds", "Time until a request was answered.", ("route",), **kept)
        self.in_progress = Gauge("assistant_requests_in_progress", "Requests being answered.", registry=self.registry)
        self._answers = Counter(
            "assistant_answers_total", "Questions answered or refused.", ("outcome", "language", "worded"), registry=self.registry
        )
        self._answer_seconds = Histogram("assistant_answer_seconds", "Time that an answer took.", **kept)

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request by the template of its address."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count an answer: given or refused for which reason, worded by a model or composed."""
        outcome = answer.reason.value if answer.reason else "answered"
        worded = "model" if answer.trace.get("model") else "composed"
        self._answers.labels(outcome, answer.language.value, worded).inc()
        self._answer_seconds.observe(float(answer.trace.get("milliseconds", 0.0)) / 1000)


def add_route(app: FastAPI, metrics: Metrics, settings: Settings) -> None:
    """Serve ``/metrics`` to this machine, and elsewhere to whoever sends the token of the settings.

    Like health, they need no thread: they are looked at most while none is free.
    """

    @app.get("/metrics")
    async def show(request: Request) -> Response:
        if not (_is_near(request) or _is_known(request, settings.metrics_token.get_secret_value())):
            raise HTTPException(404)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _is_near(request: Request) -> bool:
    """Tell whether the request comes from this machine, and not through a proxy on it."""
    try:
        near = ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
    return near and "x-forwarded-for" not in request.headers


def _is_known(request: Request, token: str) -> bool:
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(sent.encode(), token.encode())
