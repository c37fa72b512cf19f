/** Decides what `npm run package` does: builds, packs groundcrew-VERSION.vsix, writes its bill of materials beside it, and refuses one that is too big. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NOTICES, noticedPackages } from '../../../esbuild.notices.ts';
import { printCounts } from '../mocha.ts';
import { sizeText } from '../progress.ts';
import { buildExtension } from './build.ts';
import { makeSbom, sbomFaults } from './sbom.ts';
import { packExtension } from './vsix.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BYTES_MAX = 2_000_000;

await buildExtension();
const { version }: { readonly version: string } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const { file, bytes, names } = await packExtension(ROOT, join(ROOT, `groundcrew-${version}.vsix`));
const isSmall = bytes <= BYTES_MAX;
console.log(`${file}: ${sizeText(bytes)} in ${names.length} files${isSmall ? '' : `, more than the ${sizeText(BYTES_MAX)} that it may have`}`);
const sbom = await makeSbom(ROOT);
const shipped = noticedPackages(await readFile(join(ROOT, 'dist', NOTICES), 'utf8'));
const faults = sbomFaults(sbom, shipped);
const bill = join(ROOT, `groundcrew-${version}.cdx.json`);
await writeFile(bill, `${JSON.stringify(sbom, undefined, 2)}\n`);
console.log([`${bill}: ${sbom.components.length} packages that run, ${shipped.length} of them with code in the vsix and a licence in its dist/${NOTICES}`, ...faults].join('\n'));
console.log('Install it with: code --install-extension', file);
const failed = (isSmall ? 0 : 1) + (faults.length === 0 ? 0 : 1);
printCounts({ passed: 2 - failed, failed });
process.exitCode = failed === 0 ? 0 : 1;
