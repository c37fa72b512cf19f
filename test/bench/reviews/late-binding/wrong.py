def make_handlers(names, log):
    handlers = []
    for name in names:
        handlers.append(lambda event: log(name, event))
    return handlers
