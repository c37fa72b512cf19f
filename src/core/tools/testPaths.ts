/** Decides which files are tests, by the names that runners look for: the coder does not write them unless the user says so. */

const FOLDERS = /(?:^|\/)(?:tests?|__tests__|__mocks__|__snapshots__|specs?|testdata|e2e|src\/(?:test|it|integrationTest))\//i;

const NAMES = [
  /[._-](?:test|tests|spec|specs|e2e|cy)\.[cm]?[jt]sx?$/i,
  /^test\.[cm]?[jt]sx?$/i,
  /^test[_-].+\.[cm]?[jt]sx?$/i,
  /^test_.+\.py$/i, /.+_test\.py$/i, /^tests?\.py$/i, /^conftest\.py$/i,
  /_test\.go$/i,
  /^tests?\.rs$/i, /_test\.rs$/i,
  /^(?:Test.*|.*Tests?|.*TestCase|.*IT)\.(?:java|kt|scala|groovy)$/,
  /\.snap$/i,
];

/** Settings of a runner decide which tests run at all: as good as a test. */
const RUNNER_SETTINGS = /^(?:\.mocharc\..+|jest\.config\..+|vitest\.config\..+|vitest\.workspace\..+|karma\.conf\..+|pytest\.ini|tox\.ini|noxfile\.py|\.c8rc.*|playwright\.config\..+|cypress\.config\..+)$/i;

/** `path` is relative to the workspace root with forward slashes. */
export function isTestPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return FOLDERS.test(path) || NAMES.some((pattern) => pattern.test(name)) || RUNNER_SETTINGS.test(name);
}
