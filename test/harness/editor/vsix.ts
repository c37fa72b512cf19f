/** Decides what the packed extension is: a zip with the two files that every vsix begins with, and what .vscodeignore lets through. */
import { glob, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import picomatch from 'picomatch';
import * as z from 'zod';
import { NOTICES } from '../../../esbuild.notices.ts';
import { contentFault } from './packedContent.ts';

const Manifest = z.object({
  name: z.string(), displayName: z.string(), description: z.string(), version: z.string(), publisher: z.string(),
  main: z.string(), icon: z.string(), engines: z.object({ vscode: z.string() }), categories: z.array(z.string()), extensionKind: z.array(z.string()),
});
type Manifest = z.infer<typeof Manifest>;

/** Never packed, whatever .vscodeignore says: what a mistake there would publish. */
const NEVER = /(?:^|\/)(?:\.env[^/]*|\.npmrc|id_[a-z0-9]+|[^/]+\.(?:pem|key|map|ts|tsx)|node_modules|\.git|test|src)(?:\/|$)/u;
/** What runs needs not: development, and what only npm reads. */
const DEVELOPMENT_FIELDS = ['scripts', 'devDependencies', 'dependencies', 'mocha', 'knip', 'allowScripts', 'files', 'private', 'bin'];

export interface Packed {
  readonly file: string;
  readonly bytes: number;
  readonly names: readonly string[];
}

/** @throws Error when a file would be packed that must not be, or one is missing that the manifest names. */
export async function packExtension(root: string, file: string): Promise<Packed> {
  const raw: Readonly<Record<string, unknown>> = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = Manifest.parse(raw);
  const names = await packedNames(root);
  const secret = names.find((name) => NEVER.test(name));
  if (secret !== undefined) throw new Error(`${secret} would be in the package, and a file of that name is a test, a source or a secret. Leave it out in .vscodeignore.`);
  for (const needed of [manifest.main.replace('./', ''), manifest.icon, 'README.md', 'LICENSE', 'CHANGELOG.md', `dist/${NOTICES}`]) {
    if (!names.includes(needed)) throw new Error(`${needed} is not in the package. Build first (npm run build), or mend .vscodeignore.`);
  }
  const shipped = Object.fromEntries(Object.entries(raw).filter(([field]) => !DEVELOPMENT_FIELDS.includes(field)));
  const entries: Entry[] = [
    { name: '[Content_Types].xml', bytes: Buffer.from(contentTypes(names)) },
    { name: 'extension.vsixmanifest', bytes: Buffer.from(vsixManifest(manifest)) },
    { name: 'extension/package.json', bytes: Buffer.from(`${JSON.stringify(shipped, undefined, 2)}\n`) },
  ];
  for (const name of names) if (name !== 'package.json') entries.push({ name: `extension/${name}`, bytes: await readFile(join(root, name)) });
  const fault = entries.map(({ name, bytes }) => contentFault(name, bytes, root)).find((one) => one !== undefined);
  if (fault !== undefined) throw new Error(`${fault}. Nothing was packed.`);
  const zip = zipOf(entries);
  await writeFile(file, zip);
  return { file, bytes: zip.length, names: entries.map(({ name }) => name) };
}

/** As the packaging tool reads .vscodeignore: a line takes files out, a line with "!" puts them back. */
async function packedNames(root: string): Promise<readonly string[]> {
  const lines = (await readFile(join(root, '.vscodeignore'), 'utf8')).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  if (!lines.includes('**')) throw new Error('.vscodeignore must begin with "**": what is packed is named, never what is not.');
  const names = new Set<string>();
  const isLeftOut = picomatch(lines.filter((line) => line !== '**' && !line.startsWith('!')), { dot: true });
  for (const pattern of kept) {
    for await (const name of glob(pattern, { cwd: root })) if ((await stat(join(root, name))).isFile() && !isLeftOut(name)) names.add(name.replaceAll('\\', '/'));
  }
  return [...names].sort();
}

const TYPES: Readonly<Record<string, string>> = { json: 'application/json', js: 'application/javascript', css: 'text/css', svg: 'image/svg+xml', png: 'image/png', md: 'text/markdown', wasm: 'application/wasm', ttf: 'font/ttf', txt: 'text/plain', vsixmanifest: 'text/xml' };

function contentTypes(names: readonly string[]): string {
  const extensions = new Set(['vsixmanifest', 'json', ...names.flatMap((name) => /\.(\w+)$/u.exec(name)?.[1] ?? [])]);
  const plain = names.filter((name) => !/\.\w+$/u.test(name));
  const types = [...extensions].map((extension) => `<Default Extension=".${extension}" ContentType="${TYPES[extension] ?? 'application/octet-stream'}"/>`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${types.join('')}${plain.map((name) => `<Override PartName="/extension/${name}" ContentType="text/plain"/>`).join('')}</Types>\n`;
}

function vsixManifest(manifest: Manifest): string {
  const assets = [['Microsoft.VisualStudio.Code.Manifest', 'package.json'], ['Microsoft.VisualStudio.Services.Content.Details', 'README.md'], ['Microsoft.VisualStudio.Services.Content.Changelog', 'CHANGELOG.md'], ['Microsoft.VisualStudio.Services.Content.License', 'LICENSE'], ['Microsoft.VisualStudio.Services.Icons.Default', manifest.icon]];
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${xml(manifest.name)}" Version="${xml(manifest.version)}" Publisher="${xml(manifest.publisher)}"/>
    <DisplayName>${xml(manifest.displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(manifest.description)}</Description>
    <Categories>${xml(manifest.categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${xml(manifest.engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="${xml(manifest.extensionKind.join(','))}"/>
    </Properties>
    <License>extension/LICENSE</License>
    <Icon>extension/${xml(manifest.icon)}</Icon>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
${assets.map(([type = '', name = '']) => `    <Asset Type="${type}" Path="extension/${xml(name)}" Addressable="true"/>`).join('\n')}
  </Assets>
</PackageManifest>
`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Midnight of 1 January 1980, the first that a zip can say: equal content gives an equal package. */
const DOS_DATE = 0x21;
const VERSION_NEEDED = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;

function zipOf(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const named = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION_NEEDED, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(DOS_DATE, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(named.length, 22);
    parts.push(Buffer.from('PK\x03\x04'), common, named, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([VERSION_NEEDED, 0]), common, rest, named);
    offset += 30 + named.length + packed.length;
  }
  const table = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(table.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, table, end]);
}
