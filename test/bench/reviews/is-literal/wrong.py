def can_edit(user):
    if user.get("role") is "admin":
        return True
    return user.get("id") == user.get("owner_id")
