/** Decides what a stream amounts to: text, tool calls and a final record, or an early end. */
import type { FinalRecord, RecordStream, StreamRecord } from './models.ts';

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

/** Fills `draft`. `ended`: onText said so; `cut`: the stream was over without a final record. */
export async function readReply(stream: RecordStream<StreamRecord>, draft: Draft, { onText, onRecord }: Reader): Promise<'final' | 'ended' | 'cut'> {
  let isEnded = false;
  await stream.each((record) => {
    onRecord(record);
    const { text } = record;
    if (text !== '' || record.thinking !== '') draft.pieces++;
    if (record.toolCalls.length > 0) draft.toolCalls = [...draft.toolCalls, ...record.toolCalls];
    draft.text += text;
    draft.final = record.final;
    isEnded = text !== '' && record.final === undefined && onText?.(draft.text) === false;
    return !isEnded;
  });
  return isEnded ? 'ended' : draft.final === undefined ? 'cut' : 'final';
}
