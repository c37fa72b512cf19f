/** Decides which dependencies the project may have: exact versions only, and what is shipped under licences that ask for no more than their notice. */
import * as z from 'zod';
import { isPermissive } from '../../esbuild.notices.ts';

const Versions = z.record(z.string(), z.string()).default({});
const Manifest = z.looseObject({ dependencies: Versions, devDependencies: Versions, optionalDependencies: Versions, peerDependencies: Versions });
const Lock = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional(), license: z.string().optional(), integrity: z.string().optional(), dev: z.boolean().optional(), link: z.boolean().optional() })),
});

/** semver 2.0.0, without a range, a tag, an address or a build that the registry would resolve. */
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/u;

/** Sentences; `manifest` and `lock`: the texts of package.json and package-lock.json. */
export function dependencyFaults(manifest: string, lock: string): readonly string[] {
  const named = Manifest.parse(JSON.parse(manifest));
  const wanted = Object.entries({ ...named.peerDependencies, ...named.optionalDependencies, ...named.devDependencies, ...named.dependencies });
  const { packages } = Lock.parse(JSON.parse(lock));
  const loose = wanted.filter(([, version]) => !EXACT.test(version)).map(([name, version]) => `package.json asks for ${name} "${version}", which can be another version tomorrow: npm i -E ${name}@<version>`);
  const other = wanted.flatMap(([name, version]) => {
    const locked = packages[`node_modules/${name}`]?.version;
    return EXACT.test(version) && locked !== version ? [`package-lock.json holds ${name} ${locked ?? '(nothing)'} and package.json asks for ${version}: npm install, then commit both`] : [];
  });
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  return [...loose, ...other, ...shipped.flatMap(([path, entry]) => entryFaults(path, entry))];
}

function entryFaults(path: string, { version = '?', license, integrity, link }: z.infer<typeof Lock>['packages'][string]): readonly string[] {
  const name = `${path.replace(/^.*node_modules\//u, '')}@${version}`;
  return [
    ...(license !== undefined && isPermissive(license) ? [] : [`${name} is under ${license ?? 'no licence that it names'}: use another, or, where that licence is as free, name it in esbuild.notices.ts`]),
    ...(integrity === undefined || link === true ? [`package-lock.json has no hash of ${name}, so anything may come in its place: npm install it from the registry`] : []),
  ];
}
