"""All playlists of a household.

Searching happens with every key that is pressed, so the words of all titles
are collected once and kept until the next change.
"""

from collections import defaultdict

from music.playlists import Playlist
from music.words import words


class NoSuchPlaylist(KeyError):
    """There is no playlist with this id."""


class Library:
    def __init__(self):
        self._playlists = {}
        self._next_id = 1
        self._index = None

    def create(self, title, owner, tracks=()):
        """Add a playlist and return it."""
        playlist = Playlist(self._next_id, title, owner)
        playlist.add(*tracks)
        self._playlists[playlist.id] = playlist
        self._next_id += 1
        self._index = None
        return playlist

    def get(self, playlist_id):
        if playlist_id not in self._playlists:
            raise NoSuchPlaylist(playlist_id)
        return self._playlists[playlist_id]

    def rename(self, playlist_id, title):
        """Give a playlist another title, which must not be empty."""
        if not title.strip():
            raise ValueError("a playlist needs a title")
        self.get(playlist_id).title = title.strip()

    def delete(self, playlist_id):
        self.get(playlist_id)
        del self._playlists[playlist_id]
        self._index = None

    def play(self, playlist_id):
        """Count that somebody listened; returns the tracks."""
        playlist = self.get(playlist_id)
        playlist.plays += 1
        return list(playlist.tracks)

    def search(self, text):
        """Playlists whose titles have a word that begins with each word of the text.

        The most played ones come first, then those with lower ids. Nothing to
        search for finds everything.
        """
        found = set(self._playlists)
        for wanted in words(text):
            found &= self._beginning_with(wanted)
        return sorted((self._playlists[id] for id in found), key=lambda item: (-item.plays, item.id))

    def _beginning_with(self, start):
        ids = set()
        for word, owners in self._words().items():
            if word.startswith(start):
                ids |= owners
        return ids

    def _words(self):
        """Ids of the playlists by the words of their titles."""
        if self._index is None:
            self._index = defaultdict(set)
            for playlist in self._playlists.values():
                for word in words(playlist.title):
                    self._index[word].add(playlist.id)
        return self._index
