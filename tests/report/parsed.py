"""A strict reading of a page: every element closed in order, ids once, texts and attributes as a browser has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "hr", "img", "input", "link"})


@dataclass
class Element:
    """One element with its descendants."""

    tag: str
    attributes: dict[str, str]
    content: list[Element | str] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        """Elements within, without texts."""
        return [each for each in self.content if isinstance(each, Element)]

    def all(self, tag: str) -> list[Element]:
        """Descendants of a tag, in document order."""
        return [
            each for child in self.children for each in ([child] if child.tag == tag else []) + child.all(tag)
        ]

    def of_class(self, name: str) -> list[Element]:
        """Descendants that bear a class."""
        own = [child for child in self.children if name in child.attributes.get("class", "").split()]
        return own + [each for child in self.children for each in child.of_class(name)]

    @property
    def text(self) -> str:
        """Every text within, blanks folded."""
        return " ".join(" ".join(self._pieces()).split())

    def _pieces(self) -> list[str]:
        return [
            piece for each in self.content for piece in ([each] if isinstance(each, str) else each._pieces())
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"<{tag}> has an attribute twice")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes <{self.open[-1].tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def read_page(source: str) -> tuple[Element, list[str]]:
    """The document's root and what is wrong with its form."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    unclosed = [f"<{element.tag}> is not closed" for element in reader.open[1:]]
    return reader.root, reader.faults + unclosed
