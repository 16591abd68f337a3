"""Static files under hashed names, compressed; imports of modules are rewritten too, so that none is loaded twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

from kefu.ui import sheets


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # servestatic has no types
    support_js_module_import_aggregation = True
    # A module's name changes with the names of what it imports, so there are as many rounds as imports follow each other.
    max_post_process_passes = 12
    has_bundle = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Put the sheets of customer pages together first, so that the whole gets a hashed name like every file."""
        if not dry_run and all(part in paths for part in sheets.parts):
            self.delete(sheets.BUNDLE)
            self._save(
                sheets.BUNDLE, ContentFile("\n".join(self._read(part) for part in sheets.parts).encode())
            )
            paths = paths | {sheets.BUNDLE: (self, sheets.BUNDLE)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _read(self, name: str) -> str:
        with self.open(name) as sheet:
            return str(sheet.read().decode())
