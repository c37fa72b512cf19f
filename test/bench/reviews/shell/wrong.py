import subprocess


def pack(folder, target):
    subprocess.run(f"tar -czf {target} {folder}", shell=True, check=True)
    return target
