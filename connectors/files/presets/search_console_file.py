"""Google Search Console: the zip or workbook that the performance report exports, in any UI language.

Its breakdowns cover the days of the chart; their columns stand in a fixed order, so their names don't matter.
"""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset, Layout
from connectors.search_console import streams as search_console

PRESET = FilePreset(
    connector="search_console_file",
    streams=search_console.STREAMS,
    layout=Layout.SEARCH_CONSOLE,
    covers=Covers.DATES,
)
