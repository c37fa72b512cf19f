import json


def load_settings(path):
    with open(path) as handle:
        data = json.load(handle)
    return {key.lower(): value for key, value in data.items()}
