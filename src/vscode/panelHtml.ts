/** Decides the page that a panel starts from: one script, one style sheet, and a policy that lets nothing else in. */
import { randomBytes } from 'node:crypto';

export interface PanelPage {
  readonly title: string;
  /** As the webview may load them. */
  readonly script: string;
  readonly style: string;
  /** Where the webview loads its own files from. */
  readonly source: string;
}

/** No inline style or script, no picture, no connection; the nonce is new each time. Nothing of a run is ever put into this text. */
export function panelHtml({ title, script, style, source }: PanelPage): string {
  const nonce = randomBytes(16).toString('base64url');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="${style}"></head><body><div id="root"></div><script type="module" nonce="${nonce}" src="${script}"></script></body></html>
`;
}
