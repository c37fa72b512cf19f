/** Decides what Rust needs: toolchains and the crates that were fetched, read-only; cargo offline; no credentials. */
import { join } from 'node:path';
import { folderFrom, type Toolchain } from './toolchain.ts';

export const rust: Toolchain = (site) => {
  const cargo = folderFrom(site, 'CARGO_HOME', join(site.home, '.cargo'));
  const rustup = folderFrom(site, 'RUSTUP_HOME', join(site.home, '.rustup'));
  return {
    // Not $CARGO_HOME itself: credentials.toml and config.toml hold tokens.
    readOnly: [join(cargo, 'bin'), join(cargo, 'registry'), join(cargo, 'git'), rustup],
    writable: [],
    homeFiles: {},
    env: { CARGO_HOME: cargo, RUSTUP_HOME: rustup, CARGO_NET_OFFLINE: 'true', RUSTUP_AUTO_INSTALL: '0', CARGO_TERM_COLOR: 'never' },
  };
};
