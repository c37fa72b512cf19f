"""Contacts and how they are found."""

from dataclasses import dataclass
from typing import Dict, List


@dataclass(frozen=True)
class Contact:
    name: str
    mail: str = ""
    phone: str = ""


class Book:
    """Contacts by name, in the order in which they were added."""

    def __init__(self):
        self._by_name: Dict[str, Contact] = {}

    def add(self, contact):
        """Add a contact, or replace the one with the same name."""
        self._by_name[contact.name.casefold()] = contact

    def find(self, text) -> List[Contact]:
        """Contacts with the text anywhere in name, mail or phone; capitals do not matter."""
        wanted = text.casefold()
        return [
            contact
            for contact in self._by_name.values()
            if any(wanted in value.casefold() for value in (contact.name, contact.mail, contact.phone))
        ]

    def __len__(self):
        return len(self._by_name)

    def __iter__(self):
        return iter(self._by_name.values())
