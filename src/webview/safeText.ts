/** Decides that no text is drawn raw: every string that becomes a text node or a label has its hidden characters shown. */
import { options, type VNode } from 'preact';
import { visible } from '../core/trace/text.ts';

/** Attributes that are read to a person. */
const LABELS = ['title', 'aria-label', 'aria-description', 'placeholder', 'alt'];

/** Preact makes text nodes, never HTML; this adds that nothing can hide in them. Installed once, before the first draw. */
export function installSafeText(): void {
  const before = options.vnode;
  options.vnode = (vnode) => {
    if (typeof vnode.type === 'string') makeSafe(vnode);
    before?.(vnode);
  };
}

function makeSafe(vnode: VNode): void {
  const props: Record<string, unknown> = vnode.props;
  if ('dangerouslySetInnerHTML' in props) throw new Error('A panel never sets HTML: give the text as a child.');
  for (const name of LABELS) if (typeof props[name] === 'string') props[name] = plain(props[name]);
  props['children'] = safe(props['children']);
}

function safe(children: unknown): unknown {
  if (typeof children === 'string') return plain(children);
  return Array.isArray(children) ? children.map((child) => (typeof child === 'string' ? plain(child) : child)) : children;
}

function plain(text: string): string {
  return visible(text.replaceAll('\r\n', '\n'));
}
