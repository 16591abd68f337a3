"""Static files under hashed names, compressed; imports of modules are rewritten too, so that none is loaded twice."""

from __future__ import annotations

from servestatic.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # servestatic has no types
    support_js_module_import_aggregation = True
    # A module's name changes with the names of what it imports, so there are as many rounds as imports follow each other.
    max_post_process_passes = 12
