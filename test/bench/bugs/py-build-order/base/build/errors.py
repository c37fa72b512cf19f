"""Why a plan cannot be made."""


class PlanError(Exception):
    """Base of all."""


class UnknownTarget(PlanError):
    def __init__(self, name, wanted_by=None):
        by = "" if wanted_by is None else f", which {wanted_by} needs"
        super().__init__(f"there is no target {name}{by}")
        self.name = name


class Cycle(PlanError):
    """Targets that need each other; `names` begins and ends with the same one and has nothing beside the cycle."""

    def __init__(self, names):
        super().__init__(" -> ".join(names))
        self.names = names
