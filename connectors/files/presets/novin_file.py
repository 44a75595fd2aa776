"""Novin (نوین‌هاب) social statistics, by mapped file; any other stream with ``stream:``.

The vendor documents no statistics export, so the headers are the ordinary Persian ones: name your own under
``columns``.
"""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset
from connectors.files.presets.social_posts_file import POST_HEADERS
from connectors.social.streams import POSTS

PRESET = FilePreset(
    connector="novin_file",
    streams=(POSTS,),
    covers=Covers.KEYS,
    total_words=("جمع", "مجموع", "Total"),
    headers={POSTS.id: POST_HEADERS},
)
