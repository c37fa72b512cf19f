/** Decides which files are tests, which were made by a program, and which belong to somebody else: none of them can hold the bug. */

const TEST_FOLDER = /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testing|fixtures|__mocks__|__fixtures__|testdata)\//i;
const TEST_NAME: readonly RegExp[] = [
  /[._-](?:test|tests|spec|specs|e2e|cy)\.[cm]?[jt]sx?$/i,
  /(?:^|\/)(?:test|tests|spec)\.[cm]?[jt]sx?$/i,
  /(?:^|\/)test[-_][^/]*\.[cm]?[jt]sx?$/i,
  /(?:^|\/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.pyi?$/,
  /_test\.go$/,
  /(?:^|\/)(?:[^/]*_tests?|tests)\.rs$/,
  /(?:^|\/)(?:[^/]*(?:Tests?|TestCase|IT|Spec)|Test[A-Z][^/]*)\.(?:java|kt|groovy|scala)$/,
  /(?:^|\/)src\/(?:test|androidTest|integrationTest)\//,
  /(?:^|\/)(?:[^/]*_(?:test|spec)|spec_helper)\.rb$/,
];

/** Judged by the path alone. A file below a tests folder counts even when it only helps tests: nobody ships it. */
export function isTestFile(path: string): boolean {
  return TEST_NAME.some((name) => name.test(path)) || TEST_FOLDER.test(path);
}

const DEPENDENCY = /(?:^|\/)(?:node_modules|bower_components|vendor|third_party|site-packages|\.venv|venv|\.tox|\.yarn|\.gradle|\.m2|Pods)\//;

export function isDependency(path: string): boolean {
  return DEPENDENCY.test(path);
}

const GENERATED_PATH = /(?:\.min\.[cm]?js|\.bundle\.js|\.map|\.d\.[cm]?ts|_pb2(?:_grpc)?\.pyi?|\.pb\.go|\.gen\.(?:go|[jt]s)|\.generated\.[a-z]+|_generated\.(?:go|rs)|\.snap|\.lock|-lock\.(?:json|yaml))$/;
const GENERATED_FOLDER = /(?:^|\/)(?:dist|build|out|target|coverage|generated|__generated__|\.next|\.nuxt|__pycache__)\//;
/** Go's rule for generated code (go.dev/s/generatedcode), and the marks that other generators leave in their first lines. */
const GENERATED_MARK = /(?:Code generated .* DO NOT EDIT|@generated|DO NOT EDIT|auto-?generated)/i;
const MARK_LINES = 12;
/** A line so long was not typed. */
const LINE_MAX = 5_000;

/** `text` is looked at where the path does not tell. A folder such as `build` counts only for compiled languages' output and bundles. */
export function isGenerated(path: string, text?: string): boolean {
  if (GENERATED_PATH.test(path) || GENERATED_FOLDER.test(path)) return true;
  if (text === undefined) return false;
  const head = text.split('\n', MARK_LINES);
  return head.some((line) => /^\s*(?:\/\/|\/\*|\*|#|--|<!--)/.test(line) && GENERATED_MARK.test(line)) || head.some((line) => line.length > LINE_MAX);
}

const SOURCE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|c|cc|cpp|h|hpp|swift|scala)$/;

/** Code that the crew may suspect and change. */
export function isOwnSource(path: string): boolean {
  return SOURCE.test(path) && !isTestFile(path) && !isDependency(path) && !isGenerated(path);
}
