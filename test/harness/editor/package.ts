/** Decides what `npm run package` does: builds, packs the extension into groundcrew-VERSION.vsix, and refuses one that is too big. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printCounts } from '../mocha.ts';
import { sizeText } from '../progress.ts';
import { buildExtension } from './build.ts';
import { packExtension } from './vsix.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BYTES_MAX = 2_000_000;

await buildExtension();
const { version }: { readonly version: string } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const { file, bytes, names } = await packExtension(ROOT, join(ROOT, `groundcrew-${version}.vsix`));
const isSmall = bytes <= BYTES_MAX;
console.log(`${file}: ${sizeText(bytes)} in ${names.length} files${isSmall ? '' : `, more than the ${sizeText(BYTES_MAX)} that it may have`}`);
console.log('Install it with: code --install-extension', file);
printCounts(isSmall ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
process.exitCode = isSmall ? 0 : 1;
