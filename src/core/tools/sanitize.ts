/** Decides how foreign text looks to a model: fenced so that it cannot end its own fence, without invisible characters, its control tokens broken. */
import type { Hashing } from '../ports.ts';

/** Text that a tool read, as labelled data. `kind` says what it is: "result of read_file". */
export function fenced(kind: string, text: string, hashing: Hashing): string {
  const plain = forModel(text);
  const mark = fenceMark(plain, hashing);
  return `<data ${mark} ${kind.replace(/[^\w ./:-]/g, '')}>\n${plain}${plain.endsWith('\n') ? '' : '\n'}</data ${mark}>`;
}

/** Invisible characters removed and control tokens of chat templates broken; everything else is kept, line for line. */
export function forModel(text: string): string {
  return breakControlTokens(text.replace(INVISIBLE, ''));
}

/** As forModel, for a whole prompt: the fences in it are our own by now, and stay. */
export function forPrompt(text: string): string {
  return text.replace(INVISIBLE, '').replace(CONTROL_TOKENS, (open: string, ...rest: unknown[]) => (isFence(rest) ? open : broken(open)));
}

/** For the log, which people read and later prompts may quote: nothing hidden, no control token whole. */
export function forLog(text: string): string {
  return breakControlTokens(escapeInvisible(text));
}

/** For people: what a model never sees, made visible. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
}

/** Undoes the breaking in what a model quotes back, so that its edits match the file. */
export function unbroken(text: string): string {
  return text.replace(/([<[]) (?=[|｜/<a-zA-Z_])/g, (whole, open: string, at: number) => (isBrokenTokenAt(text, at) ? open : whole));
}

/** Hex digits of the mark: short, since a small model pays for each token; safe, since a mark that the text holds is not used. */
const MARK_LENGTH = 8;

/** From the text alone, so that equal results are equal prompts, which keeps the server's prefix cache; never part of the text. */
function fenceMark(text: string, hashing: Hashing): string {
  let mark = hashing.sha256(text).slice(0, MARK_LENGTH);
  while (text.includes(mark)) mark = hashing.sha256(`${mark}\n${text}`).slice(0, MARK_LENGTH);
  return mark;
}

/**
 * Tag characters, variation selectors beyond emoji use, zero-width and bidi controls (Trojan Source, CVE-2021-42574; "ASCII smuggling"),
 * C0 and C1 controls but tab and line ends. U+200D and U+200C stay between letters of scripts that need them.
 */
const INVISIBLE = new RegExp(
  [
    String.raw`[\u{E0000}-\u{E0FFF}]`,
    String.raw`[\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFFA0\uFFF0-\uFFFB]`,
    String.raw`(?<![\p{L}\p{M}\p{Extended_Pictographic}\uFE0F])[\u200C\u200D]`,
    String.raw`[\u200C\u200D](?![\p{L}\p{M}\p{Extended_Pictographic}])`,
    String.raw`(?<=[\x20-\x7E])[\u200C\u200D\uFE00-\uFE0F](?=[\x20-\x7E])`,
    String.raw`[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]`,
  ].join('|'),
  'gu',
);

/**
 * Families: ChatML and Qwen, Llama 2/3/4, Mistral, Gemma, Phi, DeepSeek, Granite, GLM, Command, gpt-oss (harmony), StarCoder and CodeLlama fills,
 * and the tool-call tags that our own recovery reads.
 */
const TOKENS = [
  String.raw`<[|｜](?=[^\s<>|｜]{1,64}[|｜]>)`,
  String.raw`<(?=\/?(?:s|bos|eos|pad|unk|start_of_turn|end_of_turn|start_of_image|end_of_image|think|thinking|fim_prefix|fim_suffix|fim_middle|fim_pad|PRE|SUF|MID|EOT|unused\d+|reponame|filename|gh_stars|jupyter_start)>)`,
  String.raw`<(?=\/?(?:tool_calls?|tool_response|tool_result|tool_use|function_calls?|function|invoke|data)[\s=>])`,
  String.raw`<(?=<\/?SYS>>)`,
  String.raw`\[(?=\/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|TOOL_CONTENT|PREFIX|SUFFIX|MIDDLE|IMG|gMASK|ARGS|CALL_ID)\])`,
];
const CONTROL_TOKENS = new RegExp(TOKENS.join('|'), 'g');

function breakControlTokens(text: string): string {
  return text.replace(CONTROL_TOKENS, broken);
}

const broken = (open: string): string => `${open.slice(0, 1)} ${open.slice(1)}`;

/** Of a replacer's further arguments: where the match stands, and the whole text. */
function isFence(rest: readonly unknown[]): boolean {
  const [at, text] = rest.slice(-2);
  return typeof at === 'number' && typeof text === 'string' && /^<\/?data[\s=>]/.test(text.slice(at, at + 8));
}

function isBrokenTokenAt(text: string, at: number): boolean {
  const rest = text.slice(at, at + 160);
  const joined = rest.replace(/^(.) /, '$1');
  return breakControlTokens(joined).startsWith(`${joined.slice(0, 1)} `);
}
