/** Decides how our Modelfile is read for the server's create call, so that no `ollama` program is needed. */

export interface Modelfile {
  readonly template: string;
  readonly stop: readonly string[];
}

/** Reads TEMPLATE and PARAMETER stop; everything else in it is for people who run `ollama create -f` by hand. */
export function parseModelfile(text: string): Modelfile {
  const template = /^TEMPLATE """([\s\S]*?)"""/m.exec(text)?.[1];
  if (template === undefined) throw new Error('The Modelfile has no TEMPLATE """…""": without it the model gets no chat markers.');
  return { template, stop: [...text.matchAll(/^PARAMETER stop (.+)$/gm)].map((match) => match[1] ?? '') };
}
