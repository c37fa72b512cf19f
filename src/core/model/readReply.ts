/** Decides what a stream amounts to: text, tool calls and a final record, or an early end. */
import type { FinalRecord, StreamRecord } from './models.ts';

/** What came so far; kept by the caller, so that a call that breaks off can still be counted. */
export interface Draft {
  text: string;
  /** Pieces of reply or thought; Ollama sends about one token in each. */
  pieces: number;
  toolCalls: StreamRecord['toolCalls'];
  final: FinalRecord | undefined;
}

export function emptyDraft(): Draft {
  return { text: '', pieces: 0, toolCalls: [], final: undefined };
}

export interface Reader {
  readonly onText?: ((text: string) => boolean) | undefined;
  readonly onRecord: (record: StreamRecord) => void;
}

/** Fills `draft`. `ended`: onText said so; `cut`: the stream was over without a final record. Leaving early closes the connection. */
export async function readReply(stream: AsyncIterable<StreamRecord>, draft: Draft, reader: Reader): Promise<'final' | 'ended' | 'cut'> {
  for await (const record of stream) {
    reader.onRecord(record);
    if (record.text !== '' || record.thinking !== '') draft.pieces++;
    if (record.toolCalls.length > 0) draft.toolCalls = [...draft.toolCalls, ...record.toolCalls];
    if (record.text !== '') draft.text += record.text;
    draft.final = record.final;
    if (record.final !== undefined) return 'final';
    if (record.text !== '' && reader.onText?.(draft.text) === false) return 'ended';
  }
  return 'cut';
}
