"""Makes a build plan from a graph."""

from build.graph import Graph


def read(text):
    """Read lines of "target: need need"; # begins a comment."""
    graph = Graph()
    for line in text.splitlines():
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        name, _, needs = line.partition(":")
        graph.add(name.strip(), needs.split())
    return graph


def plan(graph, targets):
    """Names in the order in which they can be built one after the other."""
    return graph.closure(targets)


def stages(graph, targets):
    """Lists of names: what is in one list can be built at once, after the lists before."""
    level = {}
    for name in graph.closure(targets):
        level[name] = 1 + max((level[need] for need in graph.needs(name)), default=-1)
    result = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for name, index in level.items():
        result[index].append(name)
    return [sorted(names) for names in result]


def stale(graph, targets, changed):
    """Of the plan, only what is changed or needs something that is."""
    dirty = set()
    for name in plan(graph, targets):
        if name in changed or any(need in dirty for need in graph.needs(name)):
            dirty.add(name)
    return [name for name in plan(graph, targets) if name in dirty]
