import { createRecorder, type Recorder } from './recorder.ts';
import { traceDatabase } from './trace-database.ts';

/** The recorder of this page. */
export const recorder: Recorder = createRecorder(traceDatabase());
