import { configure } from '@testing-library/react';
import { untilTestEnds } from '../../core/test-support/patience.ts';

// Wait for components as long as the test may take. The default of one second is too short on a busy machine.
configure({ asyncUtilTimeout: untilTestEnds });
