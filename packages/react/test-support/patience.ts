import { configure } from '@testing-library/react';
import { untilTestEnds } from '../../core/test-support/patience.ts';

// `waitFor` and `findBy…` may wait as long as the test may take. One second, the default, is too short on a busy machine.
configure({ asyncUtilTimeout: untilTestEnds });
