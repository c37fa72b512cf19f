/** Decides which tools touch files. */
import type { Tool } from '../tool.ts';
import { deleteFile } from './deleteFile.ts';
import { editFile } from './editFile.ts';
import { listFiles } from './listFiles.ts';
import { moveFile } from './moveFile.ts';
import { readFile } from './readFile.ts';
import { searchText } from './searchText.ts';
import { writeFile } from './writeFile.ts';

export const fileTools: readonly Tool[] = [readFile, listFiles, searchText, writeFile, editFile, moveFile, deleteFile];
