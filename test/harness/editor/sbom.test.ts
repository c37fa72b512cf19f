import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { makeSbom, type Sbom, sbomFaults } from './sbom.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SBOM: Sbom = {
  bomFormat: 'CycloneDX', specVersion: '1.5', metadata: { component: { 'bom-ref': 'x@1.0.0', name: 'x', version: '1.0.0', type: 'application' } },
  components: [{ 'bom-ref': 'zod@4.6.7', name: 'zod', version: '4.6.7', purl: 'pkg:npm/zod@4.6.7', properties: [], hashes: [{ alg: 'SHA-512', content: 'aa' }], licenses: [{}] }],
  dependencies: [],
};

describe('bill of materials', () => {
  it('names every dependency of package.json that runs, with its hash and licence, and none of development', async function () {
    this.timeout(30_000); // npm itself
    const sbom = await makeSbom(ROOT);
    const { dependencies, devDependencies, name, version }: Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>> & { readonly name: string; readonly version: string } = JSON.parse(await readFile(`${ROOT}package.json`, 'utf8'));
    assert.deepEqual(sbomFaults(sbom, Object.entries(dependencies).map(([one, at]) => `${one}@${at}`)), []);
    const names = sbom.components.map((one) => one.name);
    assert.deepEqual(names.filter((one) => Object.hasOwn(devDependencies, one)), []);
    assert.deepEqual([sbom.metadata.component.name, sbom.metadata.component.version], [name, version]);
    const refs = new Set(sbom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]));
    assert.deepEqual([...refs].filter((ref) => ref !== `${name}@${version}` && !sbom.components.some((one) => one['bom-ref'] === ref)), [], 'every edge has two ends');
    assert.deepEqual(Object.keys(sbom).includes('serialNumber') || Object.keys(sbom.metadata).includes('timestamp'), false, 'two equal packages have equal bills');
  });
  it('misses what is shipped and not named', () => {
    assert.match(sbomFaults(SBOM, ['zod@4.6.7', 'left-pad@1.0.0']).join(), /^left-pad@1\.0\.0 is in the package and not/);
    assert.match(sbomFaults(SBOM, ['zod@4.6.6']).join(), /^zod@4\.6\.6 is in the package/);
  });
  it('misses a hash and a licence', () => {
    const bare: Sbom = { ...SBOM, components: [{ 'bom-ref': 'zod@4.6.7', name: 'zod', version: '4.6.7', purl: 'pkg:npm/zod@4.6.7', properties: [] }] };
    assert.equal(sbomFaults(bare, []).length, 2);
    assert.deepEqual(sbomFaults(SBOM, ['zod@4.6.7']), []);
  });
});
