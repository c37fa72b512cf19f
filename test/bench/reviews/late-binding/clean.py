def make_handlers(names, log):
    handlers = []
    for name in names:
        handlers.append(lambda event, name=name: log(name, event))
    return handlers
