/** Decides whether an argv only reads, asks, or never runs. Until its allow-lists are here everything asks but what never runs. */

const NEVER = /^(?:sudo|su|doas|pkexec|code|xdg-open|docker|podman|systemd-run|at|crontab)$/;

export function classifyCommand(argv: readonly string[]): { readonly class: 'read' | 'ask' | 'never'; readonly reason: string } {
  const name = (argv[0] ?? '').replace(/^.*\//, '');
  if (NEVER.test(name)) return { class: 'never', reason: `${name} reaches beyond the workspace` };
  return { class: 'ask', reason: `${name} is not known to only read` };
}
