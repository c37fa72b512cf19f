import json


def load_settings(path):
    handle = open(path)
    data = json.load(handle)
    return {key.lower(): value for key, value in data.items()}
