/** Decides what Python needs: interpreters behind pyenv and virtual environments, the user's site-packages, no stale byte code. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderFrom, type Toolchain } from './toolchain.ts';

export const python: Toolchain = (site) => ({
  readOnly: [
    folderFrom(site, 'PYENV_ROOT', join(site.home, '.pyenv')),
    join(site.home, '.local/lib'),
    join(site.home, '.local/share/uv/python'),
    join(site.home, '.local/share/uv/tools'),
    join(site.home, '.local/share/pipx'),
    ...ENVIRONMENT_FOLDERS.flatMap((name) => baseInterpreter(join(site.root, name))),
    ...(site.env['VIRTUAL_ENV'] ? [site.env['VIRTUAL_ENV'], ...baseInterpreter(site.env['VIRTUAL_ENV'])] : []),
    ...(site.env['CONDA_PREFIX'] ? [site.env['CONDA_PREFIX']] : []),
  ],
  writable: [],
  homeFiles: {},
  env: {
    // Byte code is matched by size and whole seconds of mtime: two candidates of one size in one second would share it.
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    PIP_NO_INDEX: '1',
    UV_OFFLINE: '1',
    ...(site.env['PYENV_ROOT'] ? { PYENV_ROOT: site.env['PYENV_ROOT'] } : {}),
    ...(site.env['VIRTUAL_ENV'] ? { VIRTUAL_ENV: site.env['VIRTUAL_ENV'] } : {}),
    ...(site.env['CONDA_PREFIX'] ? { CONDA_PREFIX: site.env['CONDA_PREFIX'] } : {}),
  },
});

/** Names that virtual environments have; a folder counts only with pyvenv.cfg in it (PEP 405). */
export const ENVIRONMENT_FOLDERS = ['.venv', 'venv', 'env', '.env'] as const;

/** The installation that a virtual environment links to: the folder above `home` in pyvenv.cfg. */
function baseInterpreter(environment: string): readonly string[] {
  try {
    const bin = /^home\s*=\s*(\/.+?)\s*$/mu.exec(readFileSync(join(environment, 'pyvenv.cfg'), 'utf8'))?.[1];
    return bin === undefined ? [] : [dirname(bin)];
  } catch {
    return [];
  }
}
