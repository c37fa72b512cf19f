/** Decides how data is hashed: SHA-256 by Node's own crypto. */
import { hash } from 'node:crypto';
import type { Hashing } from '../core/ports.ts';

export const hashing: Hashing = {
  sha256: (data) => hash('sha256', data, 'hex'),
};
