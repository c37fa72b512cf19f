/** Decides what Go needs: modules read-only, a build cache of ours that stays warm, no network. */
import { join } from 'node:path';
import { folderFrom, type Toolchain } from './toolchain.ts';

export const go: Toolchain = (site) => {
  const gopath = folderFrom(site, 'GOPATH', join(site.home, 'go'));
  const modules = folderFrom(site, 'GOMODCACHE', join(gopath, 'pkg/mod'));
  // Named by content, so candidates, runs and slots share it without seeing one another's code.
  const cache = join(site.cacheFolder, 'go-build');
  return {
    readOnly: [modules, ...(site.env['GOROOT'] ? [site.env['GOROOT']] : [])],
    writable: [cache],
    homeFiles: {},
    env: {
      GOPATH: gopath,
      GOMODCACHE: modules,
      GOCACHE: cache,
      GOPROXY: 'off',
      GOSUMDB: 'off',
      GOTOOLCHAIN: 'local',
      GOTELEMETRY: 'off',
      GOFLAGS: '',
      ...(site.env['GOROOT'] ? { GOROOT: site.env['GOROOT'] } : {}),
    },
  };
};
