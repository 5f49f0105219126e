import { createRecorder, type Recorder } from './recorder.ts';
import { traceDatabase } from './trace-database.ts';

/** The page's recorder. */
export const recorder: Recorder = createRecorder(traceDatabase());
