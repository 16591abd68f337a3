"""Static files under hashed names, compressed; a module's imports are rewritten too, so that none is loaded under two names."""

from __future__ import annotations

from servestatic.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # servestatic has no types
    support_js_module_import_aggregation = True
