def drop_expired(sessions, now):
    for session in sessions:
        if session["expires"] < now:
            sessions.remove(session)
    return sessions
