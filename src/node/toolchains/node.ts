/** Decides what Node, npm, yarn and pnpm need: their offline switches and the caches that their launchers read. */
import { join } from 'node:path';
import type { Toolchain } from './toolchain.ts';

export const node: Toolchain = ({ home }) => ({
  // Interpreters of nvm, fnm, volta and asdf stand on PATH and are bound from there. ~/.npmrc and ~/.yarnrc* hold tokens: never bound.
  readOnly: [join(home, '.cache/node/corepack'), join(home, '.yarn/berry'), join(home, '.cache/ms-playwright')],
  writable: [],
  homeFiles: {},
  env: {
    COREPACK_ENABLE_NETWORK: '0',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    YARN_ENABLE_NETWORK: '0',
    YARN_ENABLE_TELEMETRY: '0',
    NEXT_TELEMETRY_DISABLED: '1',
  },
});
