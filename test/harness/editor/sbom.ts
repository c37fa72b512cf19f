/** Decides what the bill of materials beside a package says: npm's own, of what runs, without what differs between two equal packages. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const Component = z.looseObject({
  'bom-ref': z.string(),
  name: z.string(), version: z.string(), purl: z.string(),
  properties: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  licenses: z.array(z.looseObject({})).optional(),
  hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
});
/** CycloneDX 1.5, as npm writes it: https://cyclonedx.org/docs/1.5/json/ */
const Sbom = z.looseObject({
  bomFormat: z.literal('CycloneDX'), specVersion: z.string(), serialNumber: z.string().optional(),
  metadata: z.looseObject({ timestamp: z.string().optional(), component: z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string(), type: z.string() }) }),
  components: z.array(Component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});
export type Sbom = z.infer<typeof Sbom>;

const OUTPUT_BYTES_MAX = 32 * 1024 * 1024;
/** npm's mark on what is here for development alone. Its --omit dev goes further and leaves out what both need: with 11.19, zod. */
const DEVELOPMENT = 'cdx:npm:package:development';

/** @throws Error with npm's own words: what is installed is not what the lock file says. */
export async function makeSbom(root: string): Promise<Sbom> {
  const { name }: { readonly name: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format', 'cyclonedx'], { cwd: root, maxBuffer: OUTPUT_BYTES_MAX });
  return settled(Sbom.parse(JSON.parse(stdout)), name);
}

/** npm names the whole after the folder that it stands in, gives it a new number each time, and calls it a library. */
function settled({ serialNumber: _number, ...sbom }: Sbom, name: string): Sbom {
  const { timestamp: _time, ...metadata } = sbom.metadata;
  const components = sbom.components.filter(({ properties }) => properties.every((one) => one.name !== DEVELOPMENT)).toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
  const kept = new Set([metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  const dependencies = sbom.dependencies.filter(({ ref }) => kept.has(ref)).map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  return { ...sbom, metadata: { ...metadata, component: { ...metadata.component, name, type: 'application' } }, components, dependencies };
}

/** Sentences: what is shipped and not told, and what is told without what its reader needs. */
export function sbomFaults({ components }: Sbom, shipped: readonly string[]): readonly string[] {
  const told = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const missing = shipped.filter((one) => !told.has(one)).map((one) => `${one} is in the package and not in the bill of materials: name what we import under "dependencies"`);
  const bare = components.flatMap(({ name, version, hashes = [], licenses = [] }) => [
    ...(hashes.length === 0 ? [`${name}@${version} has no hash in the bill of materials: its entry in package-lock.json lacks "integrity"`] : []),
    ...(licenses.length === 0 ? [`${name}@${version} names no licence`] : []),
  ]);
  return [...missing, ...bare];
}
