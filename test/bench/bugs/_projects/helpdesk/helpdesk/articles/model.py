"""A page of the knowledge base."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Article:
    """A page of the knowledge base."""

    slug: str
    title: str
    views: int = 0
    draft: bool = False

    def changed(self, **values):
        """The same article with other values; its slug stays."""
        if "slug" in values:
            raise ValueError("the slug of a article stays")
        return replace(self, **values)
