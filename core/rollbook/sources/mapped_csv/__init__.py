"""Any CSV export, by a mapping that says which column means what.

The dialects whose files are tables of the same records under other names are mappings too: they
stand in ``rollbook/sources/profiles`` and may be copied and corrected.
"""

from __future__ import annotations

from rollbook.sources.mapped_csv.mapping import Mapping, load_mapping
from rollbook.sources.mapped_csv.translate import translate_mapped

__all__ = ["Mapping", "load_mapping", "translate_mapped"]
