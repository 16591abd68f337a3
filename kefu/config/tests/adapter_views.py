"""Views that show what the adapter did; served by adapter_server."""

from __future__ import annotations

import contextvars
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone, translation

MIB = 1024 * 1024
counted: Counter[str] = Counter()
# Who uses the database waits until another one does.
together = threading.Barrier(2)
counting = threading.Lock()
whispered: contextvars.ContextVar[str] = contextvars.ContextVar("whispered", default="")


def count(name: str) -> None:
    with counting:
        counted[name] += 1


request_started.connect(lambda **_: count("started"), weak=False)
request_finished.connect(lambda **_: count("finished"), weak=False)


def hello(request: HttpRequest) -> HttpResponse:
    count("hello")
    return HttpResponse("hello")


def long_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * int(request.GET["size"]))


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


def facts(request: HttpRequest, rest: str = "") -> JsonResponse:
    meta = {key: value for key, value in request.META.items() if isinstance(value, str) and key.isupper()}
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "query": request.GET.dict(),
            "cookies": request.COOKIES,
            "is_secure": request.is_secure(),
            "meta": meta,
        }
    )


def upload(request: HttpRequest) -> JsonResponse:
    count("upload")
    size = 0
    while chunk := request.read(64 * 1024):
        size += len(chunk)
    return JsonResponse({"size": size, "declared": request.META["CONTENT_LENGTH"], **_memory()})


def form(request: HttpRequest) -> JsonResponse:
    files = {name: [file.name, file.size] for name, file in request.FILES.items()}
    return JsonResponse({"fields": request.POST.dict(), "files": files})


def counts(request: HttpRequest) -> JsonResponse:
    return JsonResponse({**counted, **_memory()})


def database(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    together.wait(timeout=20)
    return JsonResponse({"connection": id(connection.connection)})


def leaks(request: HttpRequest) -> JsonResponse:
    found = [translation.get_language(), timezone.get_current_timezone_name(), whispered.get()]
    if "leave" in request.GET:
        translation.activate("fr")
        timezone.activate("Asia/Taipei")
        whispered.set("secret")
    return JsonResponse({"found": found, "thread": threading.current_thread().name})


def sleep(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["seconds"]))
    count(request.GET.get("name", "slept"))
    return HttpResponse("slept")


def file(request: HttpRequest) -> FileResponse:
    kept = tempfile.NamedTemporaryFile(suffix=".bin")  # noqa: SIM115 - the response closes it
    kept.truncate(int(request.GET["mib"]) * MIB)
    response = FileResponse(kept, filename="lots.bin")
    response._resource_closers.append(lambda: count("file closed"))
    return response


def chunks(request: HttpRequest) -> StreamingHttpResponse:
    size, pause = int(request.GET.get("size", 4)), float(request.GET.get("pause", 0))
    breaks_at = int(request.GET.get("breaks_at", -1))

    def generate() -> Iterator[bytes]:
        try:
            for number in range(int(request.GET.get("number", 3))):
                if number == breaks_at:
                    raise ZeroDivisionError
                time.sleep(pause)
                count("chunk")
                yield b"" if number == 0 and "empty" in request.GET else b"x" * size
        finally:
            count("generator ended")

    return StreamingHttpResponse(generate())


def speaking(request: HttpRequest) -> StreamingHttpResponse:
    translation.activate("fr")

    def generate() -> Iterator[str]:
        for _ in range(3):
            yield f"{translation.get_language()} {threading.current_thread().name}\n"

    return StreamingHttpResponse(generate())


def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def ends_everything(request: HttpRequest) -> HttpResponse:
    raise SystemExit(3)


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("two")
    response.set_cookie("one", "1")
    response.set_cookie("two", "2")
    return response


def _memory() -> dict[str, Any]:
    """In KiB; VmHWM is the highest since the last look."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    Path("/proc/self/clear_refs").write_text("5")
    descriptors = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - as the kernel counts
    return {name: int(status[name].split()[0]) for name in ("VmRSS", "VmHWM")} | {"descriptors": descriptors}


urlpatterns = [
    path("hello", hello),
    path("long", long_page),
    path("nothing", nothing),
    path("facts/<path:rest>", facts),
    path("facts", facts),
    path("upload", upload),
    path("large/upload", upload),
    path("form", form),
    path("counts", counts),
    path("database", database),
    path("leaks", leaks),
    path("sleep", sleep),
    path("file", file),
    path("chunks", chunks),
    path("speaking", speaking),
    path("breaks", breaks),
    path("ends-everything", ends_everything),
    path("cookies", cookies),
]
